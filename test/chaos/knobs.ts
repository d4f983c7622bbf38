/** Every number of the chaos runs. Times in milliseconds. */

/** Seeds that CI plays; all of them at the same time, in one world. */
export const CI_SEEDS = [1, 2, 3, 4, 5];
/** Runs that share a world (one Temporal server, one store, the workers): what is left behind is looked for at the end of each world. */
export const RUNS_IN_A_WORLD = 5;
export const WORKERS = 3;
/** Of this many, one more or fewer than `WORKERS` may be starting; below it nothing is struck. */
export const LEAST_WORKERS = 2;

/** Until a worker that found no server is started again. */
export const SUPERVISOR_PAUSE_MS = 500;

/** How often the open runs are looked at. */
export const LOOK_EVERY_MS = 60;
/** Between two blows, so that runs get somewhere. */
export const GAP_MS = 1_800;
/** Before a blow at a rare state; and so many more of them than of others. */
export const RARE_GAP_MS = 300;
export const RARE_BLOWS_MORE = 2;
/** Aims of each run: a state, and what is to be struck in it. */
export const AIMS_OF_A_RUN = 2;
/** A run that nothing has hit for so long is hit in whatever state it is. */
export const HIT_BY_MS = 8_000;
/** Blows at moments that are drawn, whatever the runs do. */
export const RANDOM_BLOWS = 2;
export const RANDOM_BLOWS_WITHIN_MS = 20_000;
/** A world is left in peace after so many: each costs seconds of computing, for a new worker and new sandboxes. */
export const MOST_BLOWS = 9;
/** After a reply has left the server: about the time in which it is received and stored. */
export const AFTER_REPLY_MS: readonly [number, number] = [0, 12];

/** States that a campaign must have hit at least `HITS_OF_A_STATE` times each, if it has `RUNS_FOR_ALL_STATES` runs; five seeds meet some of them. */
export const MUST_BE_HIT = ["starting", "thinking", "idle", "executing", "call and resume", "calls in flight", "parked", "committing", "child run", "waiting"] as const;
export const HITS_OF_A_STATE = 2;
export const RUNS_FOR_ALL_STATES = 30;
/** From so many runs on, the outcome replaces the last one in docs/chaos.md. */
export const RUNS_FOR_THE_RECORD = 100;
export const STATES_IN_CI = 5;

/** Longer than the heartbeat's limit and than a session queue's; and short. */
export const FREEZES_MS = [7_000, 900] as const;
/** Three deaths of a sandbox in one cell are told to the model, as the cell may be the cause. */
export const MOST_SANDBOX_BLOWS = 2;
export const MOST_SERVER_BLOWS = 2;
export const MOST_FREEZES = 2;

export const ROOT_DELAY_MS: readonly [number, number] = [250, 800];
export const SUB_DELAY_MS: readonly [number, number] = [60, 450];
/** One request of so many to a run's root model fails with 500. */
export const ROOT_FAILS_EVERY = 6;
/** A call that hangs is given up after it. */
export const CALL_TIMEOUT_MS = 4_000;
/** Pause that a 429 asks for: time enough to see that the run waits. */
export const RETRY_AFTER_S = 2;
export const BIG_BYTES = 16_000_000;
/** Part of the runs that have so much memory; those that are to be hit while it is written have it too, and change all of it in every turn. */
export const BIG_PART = 0.2;
/** Rounds of the loop that cells compute in; some 0.1 s for a million. */
export const SPIN_ROUNDS: readonly [number, number] = [300_000, 1_500_000];

/** A run that takes longer is stuck. */
export const LONGEST_RUN_MS = 600_000;
/** After a process was killed, until what it had sent is read. */
export const DRAIN_MS = 60;
/** Between the answer and the file of a reply, and the median of a world must be less: what was answered longer than this before a blow must be stored, */
export const STORE_WINDOW_MS = 400;
/** unless others of the world took longer; never longer than this. */
export const LONGEST_STORE_MS = 4_000;
/** Between a look into the store and the request that follows it. */
export const LOOKUP_RACE_MS = 250;
/** Largest payload of a history. */
export const PAYLOAD_BYTES = 2_048;
