//! Media time and RTP timestamps: 90,000 ticks a second, from a base that may stand anywhere in 32 bits, beyond which they wrap.

/// Ticks of the RTP clock of all video formats, for each millisecond.
pub const TICKS_PER_MS: u32 = 90;

/// Where the RTP timestamps of one session begin.
///
/// ```
/// use statecookie_examples::video::timeline::Timeline;
///
/// let timeline = Timeline::from_base(u32::MAX);
/// assert_eq!(timeline.timestamp(1), 89);
/// assert_eq!(timeline.position(89, 0), Some(1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeline {
    base: u32,
}

impl Timeline {
    /// The timestamps of a film whose beginning has this one.
    pub fn from_base(base: u32) -> Self {
        Self { base }
    }

    /// The timestamp of a position in milliseconds.
    pub fn timestamp(self, position_ms: u32) -> u32 {
        self.base
            .wrapping_add(position_ms.wrapping_mul(TICKS_PER_MS))
    }

    /// The position that has a timestamp, in milliseconds: every 13 hours there is one, and the nearest to `near_ms` is meant.
    ///
    /// `None` for what would be before the beginning.
    pub fn position(self, timestamp: u32, near_ms: u32) -> Option<u32> {
        let ticks = timestamp
            .wrapping_sub(self.timestamp(near_ms))
            .cast_signed();
        near_ms.checked_add_signed(ticks.div_euclid(TICKS_PER_MS.cast_signed()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What 31 bits of ticks reach, in milliseconds: more than six hours and a half.
    const REACH_MS: i32 = i32::MAX / 90;

    #[test]
    fn a_timestamp_beyond_the_wrap_goes_on_where_the_one_before_it_was() {
        let timeline = Timeline::from_base(u32::MAX - 3_600 * 2 + 1);
        let stamps: Vec<u32> = (0..4).map(|frame| timeline.timestamp(frame * 40)).collect();
        assert_eq!(stamps, [u32::MAX - 7_199, u32::MAX - 3_599, 0, 3_600]);
        let mut near = 0;
        for (frame, stamp) in (0..).zip(stamps) {
            near = timeline.position(stamp, near).unwrap();
            assert_eq!(near, frame * 40);
        }
    }

    #[test]
    fn a_late_packet_of_before_the_wrap_is_not_taken_for_one_of_13_hours_later() {
        let timeline = Timeline::from_base(u32::MAX - 89);
        assert_eq!(timeline.position(u32::MAX - 89, 40), Some(0));
        assert_eq!(timeline.position(u32::MAX - 90, 40), None);
    }

    proptest! {
        #[test]
        fn a_position_is_found_again_from_anywhere_near_it(base: u32, near: u32, away in -REACH_MS..=REACH_MS) {
            let timeline = Timeline::from_base(base);
            prop_assume!(near.checked_add_signed(away).is_some());
            let position = near.checked_add_signed(away).unwrap();
            prop_assert_eq!(timeline.position(timeline.timestamp(position), near), Some(position));
        }

        #[test]
        fn a_film_of_days_is_followed_frame_by_frame_over_every_wrap(base: u32, hours in 1..1_000_u32) {
            let timeline = Timeline::from_base(base);
            let mut near = 0;
            for hour in 0..hours {
                near = timeline.position(timeline.timestamp(hour * 3_600_000), near).unwrap();
                prop_assert_eq!(near, hour * 3_600_000);
            }
        }

        #[test]
        fn a_tick_within_a_millisecond_counts_as_that_millisecond(base: u32, position in 0..86_400_000_u32, tick in 0..90_u32) {
            let timeline = Timeline::from_base(base);
            let stamp = timeline.timestamp(position).wrapping_add(tick);
            prop_assert_eq!(timeline.position(stamp, position), Some(position));
        }
    }
}
