//! Where the visitor walks and what it does there.

use super::protocol::Request;
use super::state::CATALOGUE;

/// What the visitor does at a step, if nobody dies.
pub fn script(step: usize) -> Request {
    match step {
        _ if step.is_multiple_of(89) => {
            Request::Put(CATALOGUE[step / 89 % CATALOGUE.len()].0.into())
        }
        _ if step.is_multiple_of(53) => Request::Quality((step / 53 % 5) as u8),
        _ if step.is_multiple_of(71) => Request::Credit((step % 900) as u16),
        _ => walk(step),
    }
}

/// A walk along the shelves, looking around.
pub fn walk(step: usize) -> Request {
    let t = step as f32 * 0.02;
    let position = [40.0 * t.sin(), 1.7, 25.0 * (1.7 * t).sin()];
    Request::Move {
        position,
        yaw: (step as f32 * 3.3) % 360.0,
    }
}
