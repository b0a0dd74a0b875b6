//! The program that counts allocations.

use std::alloc::System;
use std::process::ExitCode;

use call_bench::Heap;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() -> ExitCode {
    call_bench::main(|| Some(heap()))
}

fn heap() -> Heap {
    let stats = ALLOCATOR.stats();
    Heap {
        // A vector that grows asks the allocator again, in place or not.
        allocations: stats.allocations + stats.reallocations,
        bytes: stats.bytes_allocated,
        freed: stats.bytes_deallocated,
    }
}
