//! Every default number, in one dated place.

use std::time::Duration;

use super::records::DnsRecords;
use super::url::Scheme;
use crate::breaker::Breaker;
use crate::hedge::Hedging;

/// One dated set of defaults. A later change of mind is a new constant beside [`Defaults::V1`], never an edit
/// of it: a deployment's behaviour changes when somebody chooses it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Defaults {
    /// The whole call, retries and waits included.
    pub timeout: Option<Duration>,
    /// One attempt.
    pub attempt_timeout: Option<Duration>,
    /// The TCP and TLS handshake.
    pub connect_timeout: Option<Duration>,
    /// Re-sends after the first attempt.
    pub retries: u32,
    /// Base of the exponential backoff.
    pub retry_delay: Duration,
    /// Least value of the cap of one backoff wait.
    pub retry_max_delay_floor: Duration,
    /// The cap of one backoff wait as a multiple of the base, where that is above the floor.
    pub retry_max_delay_factor: u32,
    /// Base of the backoff after a 429.
    pub throttle_delay: Duration,
    /// Longest `Retry-After` that a call waits for.
    pub max_retry_after: Duration,
    /// What a re-send must have left after its wait.
    pub min_attempt: Duration,
    /// Re-sends that the budget of a service allows, as a part of its calls of the last `budget_window`, …
    pub budget_ratio: f64,
    /// … and these beside, per second.
    pub budget_reserve: f64,
    /// How long a call counts for the budget.
    pub budget_window: Duration,
    /// When calls to a service are refused for a while.
    pub breaker: Option<Breaker>,
    /// When a second request may overtake a slow one.
    pub hedging: Option<Hedging>,
    /// Hedges, at most, as a part of a service's calls.
    pub hedge_ratio: f64,
    /// Memory for replies that are kept, where nobody gives a store.
    pub cache_bytes: u64,
    /// Longest wait of a call for the store of replies.
    pub cache_patience: Duration,
    /// Time after which an idle connection is closed.
    pub pool_idle: Duration,
    /// Age at which the connections to a service's only endpoint are made anew.
    pub max_connection_age: Duration,
    /// Spread of `max_connection_age`, as a fraction to both sides.
    pub connection_age_jitter: f64,
    /// Most bytes of a response body.
    pub max_body: Option<u64>,
    /// Whether DNS is asked for a service that the map lacks.
    pub dns_fallback: bool,
    /// Scheme of services found by DNS.
    pub dns_scheme: Scheme,
    /// Port of services found by DNS.
    pub dns_port: u16,
    /// What DNS is asked for.
    pub dns_records: DnsRecords,
    /// Least time between looks at the file of services.
    pub services_file_interval: Duration,
    /// Age at which a resolved set is looked up again, where nobody says how long it is good for.
    pub resolve_interval: Duration,
    /// Least age at which a set whose time to live is known is looked up again.
    pub resolve_ttl_min: Duration,
    /// Greatest such age.
    pub resolve_ttl_max: Duration,
    /// How long an answer without addresses must stay before it is believed.
    pub resolve_empty_grace: Duration,
    /// Age at which a call waits for the new lookup instead of using the old set meanwhile.
    pub resolve_stale_after: Duration,
    /// Spread of these ages and of the backoff, as a fraction to both sides.
    pub resolve_jitter: f64,
    /// Longest wait of a call for a lookup, and the age at which a lookup counts as lost.
    pub resolve_timeout: Duration,
    /// Longest wait of a call for a lookup while there is a set, however old.
    pub resolve_patience: Duration,
    /// First wait after a failed lookup.
    pub resolve_backoff: Duration,
    /// Growth of that wait per failure.
    pub resolve_backoff_factor: f64,
    /// Longest such wait while there is an old set to use.
    pub resolve_backoff_max: Duration,
    /// Longest such wait while there is nothing to use.
    pub resolve_backoff_max_empty: Duration,
    /// Least time between lookups, also when endpoints look dead.
    pub resolve_min_interval: Duration,
    /// The part of a service's endpoints that must refuse connections before their set is looked up again early.
    pub suspect_share: f64,
    /// Attempts in a row to one endpoint that run out of time before its connections are given up.
    pub suspect_timeouts: u32,
    /// An attempt that had this long and was ended by the call's limit counts as the endpoint's failure.
    pub fair_attempt: Duration,
    /// Requests in flight per endpoint, at most.
    pub max_in_flight: Option<u32>,
    /// Time in which the average response time of an endpoint that gets no requests falls to 37 % (1/e).
    pub load_decay: Duration,
    /// Below this, a cancelled first request says nothing of an endpoint's response time.
    pub load_unsampled: Duration,
    /// Least response time that a failure counts as.
    pub failure_penalty: Duration,
    /// Most of a `Retry-After` that a failure counts as.
    pub max_failure_penalty: Duration,
    /// Whether failing endpoints are ejected.
    pub ejection: bool,
    /// Failures in a row that eject an endpoint.
    pub eject_consecutive: u32,
    /// A smaller part of successes within ten seconds ejects an endpoint, …
    pub eject_success_ratio: f64,
    /// … if it had that many requests in them.
    pub eject_min_requests: u32,
    /// The first ejection's length; each further one in a row is twice as long.
    pub eject_base: Duration,
    /// An ejection's greatest length.
    pub eject_max: Duration,
    /// The part of a service's endpoints, of each priority, that may be out at a time.
    pub eject_share: f64,
    /// A call that tries an ejected endpoint and is given up before has told nothing; later, the endpoint is left alone again.
    pub probe_patience: Duration,
    /// How long before its end an access token is fetched anew, at most, …
    pub token_skew: Duration,
    /// … and at most this part of its lifetime.
    pub token_skew_ratio: f64,
    /// Lifetime of an access token whose server says none.
    pub token_lifetime: Duration,
    /// A token request.
    pub token_timeout: Duration,
    /// A token request while the old token is still good.
    pub token_patience: Duration,
    /// How long the failure of a token request counts, and the least age at which a token is given up for a 401.
    pub token_backoff: Duration,
    /// Most bytes of a token endpoint's reply.
    pub token_max_body: u64,
    /// Equal lines about failures in the log of a client, at most, …
    pub log_limit: Option<u32>,
    /// … in this time; the rest is counted.
    pub log_window: Duration,
}

impl Defaults {
    /// The defaults of 2026-11-22.
    pub const V1: Defaults = Defaults {
        // The Python framework's number, so that a move between the two changes nothing for a caller.
        timeout: Some(Duration::from_secs(30)),
        // A third of the call: one attempt that hangs leaves time for both re-sends.
        attempt_timeout: Some(Duration::from_secs(10)),
        // Inside a data centre a handshake takes milliseconds; linkerd also gives up after 1 s.
        connect_timeout: Some(Duration::from_secs(1)),
        // Two re-sends at most triple the load on a service in trouble; the Python framework's three quadruple it.
        retries: 2,
        // For a LAN. A base of 1 s is made for people who wait, not for services.
        retry_delay: Duration::from_millis(50),
        // Long enough for a restart of a process behind the load balancer.
        retry_max_delay_floor: Duration::from_secs(1),
        // A base of 1 s then waits at most 1, 2, 4 s (8 would be the next): the cap never cuts the usual three.
        retry_max_delay_factor: 8,
        // A throttled service is busy, not broken: smithy's number.
        throttle_delay: Duration::from_secs(1),
        // Who asks for more than the length of a whole call is better asked again by a person.
        max_retry_after: Duration::from_secs(30),
        // Less would be a request that is cut off on its way.
        min_attempt: Duration::from_millis(10),
        // Finagle's and Google's number: a service that fails altogether gets a fifth more, not three times as much.
        budget_ratio: 0.2,
        // So that a client with few calls may retry at all; Finagle's 10 are a lot inside of one mesh with many clients.
        budget_reserve: 3.0,
        // Finagle's time to live of a deposit.
        budget_window: Duration::from_secs(10),
        // Ejection and the budget cover partial failures; who wants the classic one asks for it.
        breaker: None,
        // More load for less latency is for the service's owner to decide.
        hedging: None,
        // Finagle's usual extra load is 1 to 5 %.
        hedge_ratio: 0.05,
        // Two replies of the greatest size, or some ten thousand usual ones.
        cache_bytes: 32 * 1024 * 1024,
        // A store that is slower than most services is none.
        cache_patience: Duration::from_millis(100),
        // Below the 75 s after which common servers close idle connections, so that they rarely close one under a request.
        pool_idle: Duration::from_secs(60),
        // Behind a virtual address, new pods get load only from new connections; a handshake per five minutes costs nothing.
        max_connection_age: Duration::from_secs(5 * 60),
        // Clients that were deployed together must not all reconnect in the same second.
        connection_age_jitter: 0.2,
        // JSON that is larger belongs into a stream; this bounds the memory that one reply can take.
        max_body: Some(16 * 1024 * 1024),
        // Kubernetes and compose need no map then. The price, a typo found late, is paid in the error's hint.
        dns_fallback: true,
        // Inside a cluster TLS is the mesh's work, or the map says https.
        dns_scheme: Scheme::Http,
        // A Kubernetes service maps 80 to the port of its pods.
        dns_port: 80,
        // With SRV records nobody has to know the port; services without them are still found. What linkerd does.
        dns_records: if cfg!(feature = "dns") { DnsRecords::Auto } else { DnsRecords::A },
        // One look at its date costs microseconds; a person who edits it waits this long.
        services_file_interval: Duration::from_secs(1),
        // The TTL of kubeadm's CoreDNS. getaddrinfo hides the TTL, so this stands in for it.
        resolve_interval: Duration::from_secs(30),
        // CoreDNS's own TTL, and linkerd's floor: a TTL of 0 must not become a query per call.
        resolve_ttl_min: Duration::from_secs(5),
        // A TTL of hours, common outside of clusters, would hide new instances for hours.
        resolve_ttl_max: Duration::from_secs(30),
        // Two TTLs of CoreDNS: a rollout or a restarted name server may show nothing for a moment.
        resolve_empty_grace: Duration::from_secs(10),
        // Three intervals, and more than the longest backoff with its jitter: a set in steady use never gets there, one
        // that nobody used for a while does.
        resolve_stale_after: Duration::from_secs(90),
        // Processes that started together must not ask together for ever.
        resolve_jitter: 0.1,
        // A tenth of the call; resolv.conf's own 5 s × 2 attempts would eat a third of it.
        resolve_timeout: Duration::from_secs(3),
        // Enough for a name server that works; what is too old is better than nothing.
        resolve_patience: Duration::from_millis(500),
        // gRPC's backoff: 1 s × 1.6.
        resolve_backoff: Duration::from_secs(1),
        resolve_backoff_factor: 1.6,
        // With an old set in use there is no hurry, and the DNS server is probably the one in trouble.
        resolve_backoff_max: Duration::from_secs(60),
        // Without one every call fails: a service that comes up must not stay invisible for a minute.
        resolve_backoff_max_empty: Duration::from_secs(5),
        // linkerd's floor; CoreDNS caches for 5 s, so asking sooner gets the same answer.
        resolve_min_interval: Duration::from_secs(5),
        // One refusing endpoint of many is that endpoint's trouble; half of them are an old set.
        suspect_share: 0.5,
        // One slow reply is a slow reply. After two, a connection that a middlebox dropped in silence is as likely.
        suspect_timeouts: 2,
        // As long as a handshake may take; who gives a service less is in a hurry.
        fair_attempt: Duration::from_secs(1),
        // The service knows better what it can take; Envoy's 1,024 is a choice for who wants one.
        max_in_flight: None,
        // Finagle's and linkerd's number.
        load_decay: Duration::from_secs(10),
        // linkerd's guess for an endpoint that it does not know.
        load_unsampled: Duration::from_millis(30),
        // linkerd's number: a fast failure must not look like a fast endpoint.
        failure_penalty: Duration::from_secs(5),
        // linkerd's cap.
        max_failure_penalty: Duration::from_secs(300),
        // Half of the endpoints are left in any case.
        ejection: true,
        // Envoy's and Finagle's number.
        eject_consecutive: 5,
        // Finagle's: one failure in five is beyond what re-sends are for.
        eject_success_ratio: 0.8,
        // With fewer, one unlucky request more or less would decide.
        eject_min_requests: 20,
        // Long enough for a restart, short enough for a hiccup; Envoy's 30 s are for its sweeps.
        eject_base: Duration::from_secs(5),
        // Who is down for long costs one request a minute.
        eject_max: Duration::from_secs(60),
        // The other half would not stand the load of more.
        eject_share: 0.5,
        // Most services that work have answered by then.
        probe_patience: Duration::from_millis(100),
        // Covers a slow call and clocks that are some seconds apart.
        token_skew: Duration::from_secs(30),
        // A token of a minute is used for 54 s, not for 30.
        token_skew_ratio: 0.1,
        // RFC 6749 leaves it open. Shorter than what servers usually give; a token that ends earlier costs a 401.
        token_lifetime: Duration::from_secs(5 * 60),
        // A sixth of the call; servers hash secrets slowly on purpose, but not that slowly.
        token_timeout: Duration::from_secs(5),
        // Twice what a lookup gets: the one call that refreshes pays it when the server hangs, the others nothing.
        token_patience: Duration::from_secs(1),
        // One request per second and process does no harm to a server in trouble, and finds out soon that it is well again.
        token_backoff: Duration::from_secs(1),
        // Tokens with many claims have some kilobytes.
        token_max_body: 64 * 1024,
        // Enough to see that it goes on; who is down for a minute leaves sixty lines and not as many as there were calls.
        log_limit: Some(10),
        // Short enough that a summary is still news.
        log_window: Duration::from_secs(10),
    };
}

impl Default for Defaults {
    fn default() -> Self {
        Defaults::V1
    }
}
