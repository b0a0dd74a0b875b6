//! Any bytes are read as the headers of a request, and written out again.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::headers::check(data));
