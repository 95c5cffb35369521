//! Frames and RTP packets (RFC 3550): cut apart by the server, put together again by the client.

use rtp_types::{RtpPacket, RtpPacketBuilder, RtpPacketMut, RtpParseError, RtpWriteError};

/// The first of the payload types that a session gives a meaning to.
pub const PAYLOAD_TYPE: u8 = 96;
/// The most payload in a packet, in bytes: with all headers it fits into an Ethernet frame.
pub const MAX_PAYLOAD: usize = 1_200;

/// Cuts a frame into packets; the last one has the marker bit. Source, sequence and timestamp are left for a [`Stamp`].
///
/// # Errors
///
/// None for a frame that fits into memory: the crate's own checks.
pub fn packets(frame: &[u8]) -> Result<Vec<Vec<u8>>, RtpWriteError> {
    let parts = frame.chunks(MAX_PAYLOAD);
    let last = parts.len().saturating_sub(1);
    let packet = |(at, part)| {
        RtpPacketBuilder::<&[u8], &[u8]>::new()
            .payload_type(PAYLOAD_TYPE)
            .marker_bit(at == last)
            .payload(part)
            .write_vec()
    };
    parts.enumerate().map(packet).collect()
}

/// What one server writes on all packets of a session, wherever they come from.
pub struct Stamp {
    ssrc: u32,
    sequence: u16,
}

impl Stamp {
    /// The session's source, and the sequence number of the first packet.
    pub fn new(ssrc: u32, sequence: u16) -> Self {
        Self { ssrc, sequence }
    }

    /// Sets source, sequence number and timestamp.
    ///
    /// # Errors
    ///
    /// It is no packet.
    pub fn put(&mut self, packet: &mut [u8], timestamp: u32) -> Result<(), RtpParseError> {
        let mut packet = RtpPacketMut::parse(packet)?;
        packet.set_ssrc(self.ssrc);
        packet.set_sequence_number(self.sequence);
        packet.set_timestamp(timestamp);
        self.sequence = self.sequence.wrapping_add(1);
        Ok(())
    }
}

/// A frame of which every packet came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// As in its packets.
    pub timestamp: u32,
    /// What was in them.
    pub payload: Vec<u8>,
}

/// The client's side: puts frames together.
pub struct Assembler {
    ssrc: u32,
    next: Option<u16>,
    /// No packet of the frame under way is missing.
    whole: bool,
    payload: Vec<u8>,
    /// Packets taken.
    pub packets: u64,
    /// Packets that did not come, though later ones of the same server did.
    pub lost: u64,
}

impl Assembler {
    /// Takes packets of this source only.
    pub fn of(ssrc: u32) -> Self {
        Self {
            ssrc,
            next: None,
            whole: true,
            payload: Vec::new(),
            packets: 0,
            lost: 0,
        }
    }

    /// Another server goes on with the source: its sequence numbers begin anew, and half a frame stays half.
    pub fn begin_anew(&mut self) {
        self.next = None;
        self.whole = true;
        self.payload.clear();
    }

    /// Takes a packet; gives the frame that is complete with it. What is no packet of this source, or came before, is left out.
    pub fn take(&mut self, packet: &[u8]) -> Option<Frame> {
        let packet = RtpPacket::parse(packet).ok()?;
        if packet.ssrc() != self.ssrc {
            return None;
        }
        let missing = self
            .next
            .map_or(0, |next| packet.sequence_number().wrapping_sub(next));
        if missing > u16::MAX / 2 {
            return None;
        }
        self.next = Some(packet.sequence_number().wrapping_add(1));
        self.packets += 1;
        self.lost += u64::from(missing);
        self.whole &= missing == 0;
        self.payload.extend_from_slice(packet.payload());
        if !packet.marker_bit() {
            return None;
        }
        let payload = std::mem::take(&mut self.payload);
        let timestamp = packet.timestamp();
        let whole = std::mem::replace(&mut self.whole, true);
        whole.then_some(Frame { timestamp, payload })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamped(frames: &[&[u8]], first: u16) -> Vec<Vec<u8>> {
        let mut stamp = Stamp::new(7, first);
        let mut all = Vec::new();
        for (timestamp, frame) in (0..).zip(frames) {
            for mut packet in packets(frame).unwrap() {
                stamp.put(&mut packet, timestamp).unwrap();
                all.push(packet);
            }
        }
        all
    }

    fn taken(assembler: &mut Assembler, packets: &[Vec<u8>]) -> Vec<(u32, usize)> {
        let frames = packets.iter().filter_map(|packet| assembler.take(packet));
        frames
            .map(|frame| (frame.timestamp, frame.payload.len()))
            .collect()
    }

    #[test]
    fn frames_come_out_as_they_went_in_over_the_wrap_of_the_sequence() {
        let packets = stamped(&[&[1; 3_000], &[2; 1_200], &[3; 1]], u16::MAX - 1);
        assert_eq!(packets.len(), 5);
        assert!(
            packets
                .iter()
                .all(|packet| packet.len() <= MAX_PAYLOAD + 12)
        );
        let mut assembler = Assembler::of(7);
        let frames = taken(&mut assembler, &packets);
        assert_eq!(frames, [(0, 3_000), (1, 1_200), (2, 1)]);
        assert_eq!((assembler.packets, assembler.lost), (5, 0));
    }

    #[test]
    fn a_frame_with_a_hole_is_none_and_the_one_after_the_next_is_whole() {
        let frames: [&[u8]; 4] = [&[1; 3_000], &[2; 3_000], &[3; 3_000], &[4; 3_000]];
        for lost in 1..6 {
            let mut packets = stamped(&frames, 9);
            packets.remove(lost);
            let mut assembler = Assembler::of(7);
            let frames = taken(&mut assembler, &packets);
            assert!(frames.iter().all(|(_, len)| *len == 3_000));
            assert_eq!(frames.last(), Some(&(3, 3_000)), "without packet {lost}");
            assert!(frames.len() < 4);
            assert_eq!(assembler.lost, 1);
        }
    }

    #[test]
    fn a_duplicate_a_stranger_and_what_is_no_packet_change_nothing() {
        let packets = stamped(&[&[1; 3_000]], 100);
        let mut assembler = Assembler::of(7);
        assert_eq!(taken(&mut assembler, &packets[..2]), []);
        let mut stranger = packets[2].clone();
        Stamp::new(8, 102).put(&mut stranger, 0).unwrap();
        assert_eq!(
            taken(
                &mut assembler,
                &[packets[1].clone(), stranger, vec![0; 40], vec![]]
            ),
            []
        );
        assert_eq!(taken(&mut assembler, &packets[2..]), [(0, 3_000)]);
    }

    #[test]
    fn half_a_frame_of_a_dead_server_is_no_part_of_the_next_ones() {
        let mut assembler = Assembler::of(7);
        assert_eq!(
            taken(&mut assembler, &stamped(&[&[1; 3_000]], 100)[..2]),
            []
        );
        assembler.begin_anew();
        assert_eq!(
            taken(&mut assembler, &stamped(&[&[2; 1_500]], 7)),
            [(0, 1_500)]
        );
    }
}
