//! What recorder, advisor and planner say of states that hold secrets, and all that they refuse.

use std::time::Duration;

use statecookie::advice::{
    AdviceError, Failures, FieldSet, Layout, Pin, RecordError, Recorder, Rung, plan_interval,
    plan_interval_at_cost,
};
use statecookie::{Mute, StateCookie};
use statecookie_tests::shop::NOW;

use crate::battery::{Patient, patient};
use crate::said::Said;

pub(crate) fn of_advice(said: &mut Said) {
    let mut recorder = Recorder::<Patient>::new().unwrap();
    let early = recorder.record_at(FieldSet::of([0]), NOW);
    said.refused(early);
    said.refused(recorder.advise());
    for second in 0..20 {
        let mut state = patient();
        state.dose = second % 9;
        // What a private value was is kept until the next one comes.
        state.number = Mute(*state.number + u64::from(second / 7));
        let now = NOW.saturating_add(Duration::from_secs(second.into()));
        said.debug(&recorder.observe_at(&state, now).unwrap());
    }
    said.debug(&recorder);
    recorder
        .recorded()
        .iter()
        .for_each(|field| said.debug(field));
    said.refused(recorder.fields_named(&["purse"]));
    of_advisor(said, &recorder);
    of_plans(said);
    said.error(&RecordError::Unreadable { field: "file" });
    said.error(&RecordError::TooManyFields {
        fields: 65,
        limit: 64,
    });
}

fn of_advisor(said: &mut Said, recorder: &Recorder<Patient>) {
    let advisor = recorder.advisor().pin("note", Pin::Root);
    said.debug(&advisor);
    let advice = advisor.advise().unwrap();
    said.both(&advice);
    said.both(&advice.attributes());
    said.debug(&advice.layout);
    said.debug(&advice.advised);
    said.debug(&Pin::NoLowerThan(1));
    // The dose changes by itself, and stands with the note today.
    assert!(!advice.moves.is_empty(), "{advice}");
    advice.moves.iter().for_each(|moved| said.debug(moved));
    let rung = Rung::new(Duration::from_secs(60));
    said.both(&rung);
    said.refused(recorder.advisor().ladder(&[]).map(drop));
    said.refused(recorder.advisor().pin("purse", Pin::Root).advise());
    said.refused(recorder.advisor().pin("dose", Pin::Tier(8)).advise());
    said.refused(Layout::of_tiers(&[]));
    said.error(&AdviceError::TooManyFields {
        fields: Patient::TABLE.fields.len() + 10,
        limit: 16,
    });
}

fn of_plans(said: &mut Said) {
    let day = Failures::each(Duration::from_secs(86_400));
    said.debug(&day);
    said.both(&plan_interval(day, Duration::from_secs(1)).unwrap());
    said.refused(plan_interval(day, Duration::ZERO));
    said.refused(plan_interval(
        Failures::each(Duration::ZERO),
        Duration::from_secs(1),
    ));
    said.refused(plan_interval_at_cost(day, 1.0, f64::NAN));
    said.refused(plan_interval_at_cost(day, 1e300, 1e-8));
}
