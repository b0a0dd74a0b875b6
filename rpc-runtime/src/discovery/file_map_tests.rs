//! Tests of the file of services, with real files and a clock that is moved by hand.

use std::io::Write as _;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;
use crate::clock::{Clock as _, ManualClock};
use crate::discovery::{Answer, Endpoint, Resolve, Resolving, Snapshot, StaticMap, Target};

/// A folder with a file of services, gone with it.
struct Fixture {
    folder: PathBuf,
    clock: ManualClock,
}

impl Fixture {
    fn new(text: &str) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("rpc-runtime-file-map-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let fixture = Fixture { folder, clock: ManualClock::new() };
        fixture.write(text);
        fixture
    }

    fn path(&self) -> PathBuf {
        self.folder.join("services.json")
    }

    /// The length of each text is another one, so no test depends on how fine the file system's times are.
    fn write(&self, text: &str) {
        std::fs::File::create(self.path()).unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn resolution(&self) -> Resolution {
        Resolution { clock: Arc::new(self.clock.clone()), ..Resolution::default() }
    }

    fn map(&self) -> FileMap {
        FileMap::open(self.path(), self.resolution()).unwrap()
    }

    async fn later(&self, watch: &Watch) -> String {
        self.clock.advance(Duration::from_millis(1_001));
        used(watch).await
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn name(name: &str) -> ServiceName {
    ServiceName::new(name).unwrap()
}

/// Generation and endpoints, or the error.
async fn used(watch: &Watch) -> String {
    match watch.snapshot(None).await {
        Ok(Snapshot { endpoints, generation, .. }) => {
            let shown: Vec<String> = endpoints.iter().map(Endpoint::authority).collect();
            format!("{generation}: {}", shown.join(" "))
        }
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn a_change_is_seen_at_the_next_use_a_second_later() {
    let fixture = Fixture::new(r#"{"a": "http://10.0.0.1"}"#);
    let map = fixture.map();
    let watch = map.watch(&name("a")).unwrap();
    assert_eq!(used(&watch).await, "1: 10.0.0.1");
    fixture.write(r#"{"a": ["http://10.0.0.1", "http://10.0.0.2:81"]}"#);
    assert_eq!(used(&watch).await, "1: 10.0.0.1", "at most one look a second");
    let before = watch.current().unwrap();
    assert_eq!(fixture.later(&watch).await, "2: 10.0.0.1 10.0.0.2:81");
    assert_eq!(watch.current().unwrap().endpoints[0], before.endpoints[0], "its connections survive");
    assert_eq!(fixture.later(&watch).await, "2: 10.0.0.1 10.0.0.2:81");
    fixture.write(r#"{"b": "http://10.0.0.3", "a":   ["http://10.0.0.1", "http://10.0.0.2:81"]}"#);
    assert_eq!(fixture.later(&watch).await, "2: 10.0.0.1 10.0.0.2:81", "a change elsewhere is none here");
}

#[tokio::test]
async fn services_come_and_go() {
    let fixture = Fixture::new(r#"{"a": "http://10.0.0.1"}"#);
    let map = fixture.map().suggesting(vec![name("other")]);
    let (a, b) = (map.watch(&name("a")).unwrap(), map.watch(&name("b")).unwrap());
    assert_eq!(used(&a).await, "1: 10.0.0.1");
    let unknown = r#"service "b" is not configured; did you mean "a"?; configured are a, other"#;
    assert_eq!(used(&b).await, unknown);
    fixture.write(r#"{"b": "http://10.0.0.22"}"#);
    assert_eq!(fixture.later(&b).await, "1: 10.0.0.22");
    let gone = r#"service "a" is not configured; did you mean "b"?; configured are b, other"#;
    assert_eq!(used(&a).await, gone);
    assert_eq!(a.current().map(|gone| (gone.generation, gone.endpoints.len())), Some((2, 0)));
    fixture.write(r#"{"a": "http://10.0.0.1", "b": "http://10.0.0.22"}"#);
    assert_eq!(fixture.later(&a).await, "3: 10.0.0.1");
    assert_eq!(map.known(), [name("a"), name("b")]);
}

#[tokio::test]
async fn what_the_file_lacks_is_looked_for_below() {
    let fixture = Fixture::new("{}");
    let urls = vec!["http://10.1.0.1".parse().unwrap()];
    let below = StaticMap::new([(name("a"), urls)].into(), &fixture.resolution());
    let map = fixture.map().over(below);
    let (a, b) = (map.watch(&name("a")).unwrap(), map.watch(&name("b")).unwrap());
    assert_eq!(used(&a).await, "1: 10.1.0.1");
    assert_eq!(used(&b).await, r#"service "b" is not configured; did you mean "a"?; configured are a"#);
    fixture.write(r#"{"a": "http://10.0.0.1"}"#);
    assert_eq!(fixture.later(&a).await, "2: 10.0.0.1", "both sets below are of generation 1");
    fixture.write("{ }");
    assert_eq!(fixture.later(&a).await, "3: 10.1.0.1");
}

#[tokio::test]
async fn a_file_that_cannot_be_used_keeps_the_last_map() {
    let fixture = Fixture::new(r#"{"a": "http://10.0.0.1"}"#);
    let map = fixture.map();
    let watch = map.watch(&name("a")).unwrap();
    let said = || map.file.state().said.clone().unwrap_or_default();
    for (text, problem) in [
        ("", "EOF while parsing a value"),
        (r#"{"a": "http://10.0.0.2", "#, "line 1, column 25"),
        ("{\n \"a\": [\"http://10.0.0.2\", \"x\"]}", r#"at "a"[1] (line 2, column 29): "x" is not an http"#),
    ] {
        fixture.write(text);
        assert_eq!(fixture.later(&watch).await, "1: 10.0.0.1");
        let found = said();
        assert!(found.contains(problem) && found.contains("services.json: "), "{found}");
    }
    std::fs::remove_file(fixture.path()).unwrap();
    assert_eq!(fixture.later(&watch).await, "1: 10.0.0.1");
    assert!(said().contains("services.json: cannot be read: "), "{}", said());
    fixture.write(r#"{"a": "http://10.0.0.200"}"#);
    assert_eq!(fixture.later(&watch).await, "2: 10.0.0.200");
    assert_eq!(said(), "");
}

#[test]
fn the_first_read_must_succeed() {
    #[track_caller]
    fn check(text: &str, message: &str) {
        let fixture = Fixture::new(text);
        let error = FileMap::open(fixture.path(), fixture.resolution()).unwrap_err();
        assert_eq!(error.to_string(), format!("{}: {message}", fixture.path().display()));
    }
    check(r#"{"a": 5}"#, r#"at "a": found integer `5`, expected a URL or a list of URLs"#);
    check(
        "{\n\"a\": \"http://x?k=hunter2\"}",
        r#"at "a" (line 2, column 25): "http://x?…" has a query or a fragment; a base URL ends with its path"#,
    );
    let missing = FileMap::open("/no/such/file", Resolution::default()).unwrap_err();
    assert_eq!(missing.to_string(), "/no/such/file: cannot be read");
    assert!(missing.source().is_some());
}

/// A ConfigMap is a link to a folder behind a link that is swapped; the file that people name never changes itself.
#[cfg(unix)]
#[tokio::test]
async fn a_swapped_link_is_a_change() {
    use std::os::unix::fs::symlink;
    let fixture = Fixture::new("{}");
    let folder = &fixture.folder;
    for (version, text) in [("..1", r#"{"a": "http://10.0.0.1"}"#), ("..2", r#"{"a": "http://10.0.0.22"}"#)] {
        std::fs::create_dir(folder.join(version)).unwrap();
        std::fs::write(folder.join(version).join("services.json"), text).unwrap();
    }
    symlink("..1", folder.join("..data")).unwrap();
    std::fs::remove_file(fixture.path()).unwrap();
    symlink("..data/services.json", fixture.path()).unwrap();
    let watch = fixture.map().watch(&name("a")).unwrap();
    assert_eq!(used(&watch).await, "1: 10.0.0.1");
    symlink("..2", folder.join("..data_tmp")).unwrap();
    std::fs::rename(folder.join("..data_tmp"), folder.join("..data")).unwrap();
    std::fs::remove_dir_all(folder.join("..1")).unwrap();
    assert_eq!(fixture.later(&watch).await, "2: 10.0.0.22");
}

#[tokio::test]
async fn watches_share_a_set_that_goes_with_the_last_of_them() {
    let fixture = Fixture::new(r#"{"a": "http://10.0.0.1"}"#);
    let map = fixture.map();
    let alive = || map.sets.lock().unwrap().get(&name("a")).map_or(0, Weak::strong_count);
    let (one, two) = (map.watch(&name("a")).unwrap(), map.watch(&name("a")).unwrap());
    assert_eq!((used(&one).await, alive()), ("1: 10.0.0.1".to_owned(), 2));
    drop((one, two));
    assert_eq!(alive(), 0);
}

/// Without a runtime there is nobody to read for us.
#[test]
fn it_works_outside_of_a_runtime() {
    let fixture = Fixture::new(r#"{"a": "http://10.0.0.1"}"#);
    let watch = fixture.map().watch(&name("a")).unwrap();
    fixture.write(r#"{"a": "http://10.0.0.22"}"#);
    fixture.clock.advance(Duration::from_secs(2));
    let mut snapshot = pin!(watch.snapshot(None));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(snapshot) = snapshot.as_mut().poll(&mut context) else { panic!("it waits") };
    assert_eq!(snapshot.unwrap().endpoints[0].host(), "10.0.0.22");
}

/// A look that its runtime never began ends with that runtime.
#[test]
fn a_look_that_never_began_ends_with_its_runtime() {
    let fixture = Fixture::new(r#"{"a": "http://10.0.0.1"}"#);
    let map = fixture.map();
    let looking = Looking(Arc::clone(&map.file));
    map.file.state().looking = true;
    let now = || fixture.clock.now() + Duration::from_secs(2);
    assert!(!map.file.is_due(now()));
    drop(looking);
    assert!(map.file.is_due(now()));
}

/// Answers once it may.
#[derive(Debug)]
struct Gated(Arc<tokio::sync::Semaphore>);

impl Resolve for Gated {
    fn resolve(&self, _: &str, port: u16) -> Resolving {
        let gate = Arc::clone(&self.0);
        Box::pin(async move {
            let _open = gate.acquire().await.map_err(std::io::Error::other)?;
            Ok(Answer::found([Target::new(([10, 0, 0, 1], port).into())], None))
        })
    }
}

/// Who waits for a name hears where the service went meanwhile; what the name turns out to be is of no interest then.
#[tokio::test]
async fn a_service_may_move_during_a_lookup() {
    let settle = async || {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    };
    for (moved, expected) in [
        (r#"{"a": "http://10.0.0.99"}"#, "10.0.0.99"),
        // The name stays, and is asked for again by the new set.
        (r#"{"a": ["http://old", "http://10.0.0.9"]}"#, "old 10.0.0.9"),
        ("{}", r#"no service is (RPC_CLIENT_SERVICES), and DNS is not asked"#),
    ] {
        let fixture = Fixture::new(r#"{"a": "http://old"}"#);
        let gate = Arc::new(tokio::sync::Semaphore::new(0));
        let resolution = Resolution { resolve: Arc::new(Gated(Arc::clone(&gate))), ..fixture.resolution() };
        let map = FileMap::open(fixture.path(), resolution).unwrap();
        let watch = map.watch(&name("a")).unwrap();
        let waiting = tokio::spawn({
            let watch = watch.clone();
            async move { used(&watch).await }
        });
        settle().await;
        fixture.write(moved);
        let gone = tokio::spawn({
            let watch = watch.clone();
            fixture.clock.advance(Duration::from_millis(1_001));
            async move { used(&watch).await }
        });
        // Reading the file is a blocking task, so this waits for what it brings.
        while map.file.state().version == 1 {
            tokio::task::yield_now().await;
        }
        gate.add_permits(10);
        for task in [waiting, gone] {
            let found = task.await.unwrap();
            assert!(found.ends_with(expected), "{moved}: {found}");
        }
        settle().await;
        assert!(used(&watch).await.ends_with(expected), "{moved}: the old lookup came too late");
    }
}
