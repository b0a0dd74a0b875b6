//! For tests of policies and of applications: a scripted transport, a clock that moves when told to, seeded randomness.

mod transport;

pub use crate::clock::ManualClock;
pub use crate::rng::SeededRng;
pub use transport::{Script, ScriptedTransport, SentRequest};
