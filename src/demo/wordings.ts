import type { Cause } from "./causes.js";

/**
 * What people let their services say when something is wrong. Each sentence appears at most once in a log and none says the cause's name, so
 * that finding and naming the failure takes reading. `#` stands for a number. The same sentences tell of blips that pass and of the failure
 * that stays.
 */
export const TROUBLE: Readonly<Record<Cause, readonly string[]>> = {
  disk_full: [
    "cannot append to the journal, the volume has nothing left to give",
    "write of a segment came back short: # of 4096 bytes landed on /data",
    "df says /var/lib is at 100%, compaction has nowhere to put its output",
    "refusing new uploads: no space for temporary files",
    "log rotation failed, no room to rename into",
    "checkpoint skipped because the filesystem would not take another block",
    "inodes on /data are used up, cannot create the lock file",
    "snapshot aborted with ENOSPC from the storage layer",
  ],
  expired_certificate: [
    "peers hang up during the handshake, they no longer accept what we present",
    "our leaf is past its notAfter date, every new peer turns it down",
    "mutual TLS refuses us since a moment ago, the chain looks right but the dates do not",
    "x509 verification says that validity ended # minutes ago",
    "clients report that our certificate ran out",
    "handshake alert 45 from # peers in a row",
    "renewal job has not run, the pem we still serve is out of date",
    "secure listener: nobody trusts our identity anymore",
  ],
  connection_pool_exhausted: [
    "all # handles to the database are checked out and nobody brings one back",
    "requests queue for a connection, the oldest has waited # s",
    "borrowed connections keep growing while the pool stays at its limit",
    "gave up waiting for a free slot to the primary",
    "pool drained: 0 idle, # busy, 212 waiting",
    "threads are parked in getConnection and none gets one",
    "session limit at the database reached from our side, new work has to wait",
    "# connections open for more than ten minutes, who holds them?",
  ],
  memory_leak: [
    "heap does not come down after a full collection anymore, #% of it live",
    "resident size grew by #% in an hour with flat traffic",
    "collector runs back to back and frees next to nothing",
    "kernel ended one of our processes for using too much",
    "pause of # s, all of it garbage collection",
    "object count of the request cache only ever goes up",
    "about to hit the ceiling of the cgroup, shedding caches does not help",
    "allocation of a buffer failed, the live set is at its limit",
  ],
  bad_config_rollout: [
    "after picking up revision # half of the requests take the wrong branch",
    "new settings are live and the validator calls them nonsense, carrying on with them anyway",
    "flag v2-routing flipped on for everybody, its handlers are not deployed here",
    "limits file of the rollout has max_inflight=0, nothing is let through",
    "since the last push we talk to the staging endpoint",
    "setting timeout_ms was parsed as # instead of 3000, answers get cut off",
    "rollout step 2 of 2 done, rejects went from none to most of them",
    "schema switch in the shared settings left us without a default region",
  ],
  dns_failure: [
    "the name of the primary no longer turns into an address",
    "lookup of db-primary.internal comes back empty, tried every server we know",
    "resolver answers NXDOMAIN for hosts that existed a minute ago",
    "cannot find our own database by name, by address it is still there",
    "domain list gone from resolv.conf, short names lead nowhere",
    "getaddrinfo: temporary failure, # times in a row",
    "stale records: our own hostname points at a machine that was retired",
    "no answer from the name servers on port 53",
  ],
  clock_skew: [
    "tokens from the future: issued # s ahead of what this host believes",
    "ntp lost its peers, the offset keeps growing",
    "our wall time and that of the database differ by # s, leases look expired to one of us",
    "timestamps run backwards, refusing to order events",
    "signature rejected as too old although it was made a second ago",
    "drift of this host passed its limit, time sync is not catching up",
    "scheduler thinks it is tomorrow already",
    "lease given up because the time of the host jumped by # s",
  ],
};

/** The end of a blip. */
export const RECOVERY: readonly string[] = [
  "back to normal, that was it", "cleared by itself", "working again after a restart of the sidecar", "caught up, no requests were lost",
  "false alarm, recovered before anyone noticed", "second try went through, all well since", "pressure is gone", "healthy again on all replicas",
  "over after a few seconds, no impact", "returned to its usual level", "fixed itself, closing the note", "stable again", "released, nothing waits anymore",
  "normal operation resumed",
];

/** Nothing wrong, though some speak of the very things that break. */
export const CALM: readonly string[] = [
  "certificate renewed as planned, next one due in # days", "disk check finished: /data at #%, nothing to do", "settings reloaded, no differences",
  "heap after the nightly collection # MB, as usual", "pool resized from 40 to # by the operator", "ntp peers switched for maintenance, offset # ms, as expected",
  "resolver cache flushed on schedule", "canary took #% of the traffic for ten minutes, within limits", "backup of yesterday verified",
  "flag dark-mode removed, was unused", "reindex started by hand, takes about an hour", "log level set to info by the operator",
  "two replicas drained and replaced as planned", "load test of the quarter begins, as announced", "old api version will be switched off next month",
  "data centre drill over, all good", "rolled forward to build #, smoke tests green", "session table vacuumed, # GB returned",
  "on-call handed over, nothing open", "rotating signing keys on schedule, both sets accepted",
];

/** What a service says about another one that lets it down; `@` is its name. */
export const COMPLAINT: readonly string[] = [
  "nothing comes back from @, answering from an old cache", "@ does not pick up, shedding a third of the traffic",
  "we are fine ourselves but @ keeps us waiting", "work piles up behind @", "breaker towards @ opened, waiting for it to come back",
  "@ slow beyond anything we have seen, cutting calls short", "half of our pages stay empty because @ gives no answer",
  "asked the owners of @ to have a look", "lost patience with @, failing fast from now on", "queue in front of @ passed # thousand entries",
  "users see errors, every trace ends in @", "no reply from @ for # s, parking requests", "retries towards @ do more harm than good, switched off",
  "degraded mode on: without @ we can only show old data", "@ answers one request in #", "timeouts towards @ eat all of our budget",
];
