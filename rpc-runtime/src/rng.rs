//! Randomness as an input: jitter, sampling and identifiers ask an [`Rng`], so that tests repeat.

use std::fmt::Debug;

/// A source of randomness for load spreading. It is not meant for secrets.
pub trait Rng: Send + Sync + Debug + 'static {
    /// 64 random bits.
    fn next_u64(&self) -> u64;

    /// A uniform number of `[0, 1)`.
    fn unit(&self) -> f64 {
        // 53 bits are what a double holds exactly, so 1.0 cannot come out of rounding.
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The generator of the process: fast, per thread, seeded by the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where real randomness is drawn")]
    fn next_u64(&self) -> u64 {
        fastrand::u64(..)
    }
}

#[cfg(any(test, feature = "testing"))]
pub use seeded::SeededRng;

#[cfg(any(test, feature = "testing"))]
mod seeded {
    use std::sync::atomic::{AtomicU64, Ordering};

    /// The same numbers for the same seed (SplitMix64).
    #[derive(Debug)]
    pub struct SeededRng(AtomicU64);

    impl SeededRng {
        /// A generator whose whole sequence follows from `seed`.
        pub fn new(seed: u64) -> Self {
            SeededRng(AtomicU64::new(seed))
        }
    }

    impl super::Rng for SeededRng {
        fn next_u64(&self) -> u64 {
            const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
            let mut bits = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
            bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            bits ^ (bits >> 31)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_fixes_the_sequence() {
        let (one, two) = (SeededRng::new(7), SeededRng::new(7));
        assert!((0..100).all(|_| one.next_u64() == two.next_u64()));
        // The published first output of SplitMix64 for seed 0.
        assert_eq!(SeededRng::new(0).next_u64(), 0xE220_A839_7B1D_CDAF);
    }

    #[test]
    fn unit_covers_the_half_open_interval_evenly() {
        let rng = SeededRng::new(1);
        let draws: Vec<f64> = (0..10_000).map(|_| rng.unit()).collect();
        assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
        let mean = draws.iter().sum::<f64>() / 10_000.0;
        assert!((0.48..0.52).contains(&mean), "{mean}");
    }

    #[test]
    fn unit_never_reaches_one() {
        #[derive(Debug)]
        struct Ones;
        impl Rng for Ones {
            fn next_u64(&self) -> u64 {
                u64::MAX
            }
        }
        assert!(Ones.unit() < 1.0);
        assert!(SystemRng.unit() < 1.0);
    }
}
