import { boot } from "../../snapshot/boot.js";
import { SnapshotRefusedError } from "../../snapshot/errors.js";
import { type CapturedPart, ImageWriter } from "../../snapshot/image-writer.js";
import { fillHoles } from "../../snapshot/fill-holes.js";
import type { Interpreter, PyFunction } from "../../snapshot/interpreter.js";
import { ENGINE_MODULE } from "../../snapshot/interpreter-side.js";
import { PartChain } from "../../snapshot/part-chain.js";
import { RestorableImage } from "../../snapshot/restorable-image.js";
import { Utf8Decoder } from "../../snapshot/utf8-decoder.js";
import { bindInput } from "./bind-input.js";
import { closeDoors, closeTerminals } from "./closed-doors.js";
import { Deadline } from "./deadline.js";
import { createHostModules } from "./host-module.js";
import { Journal } from "./journal.js";
import { installWheels } from "./install-wheels.js";
import { InputReader, lazyIndex, type LazyThreshold } from "./lazy-text.js";
import { limitFiles } from "./file-limits.js";
import { PendingTimers } from "./pending-timers.js";
import { limitMemory, type MemoryLimit } from "./memory-limit.js";
import { captureOutsideWorld, MonotonicClock, unbufferRandomDevices } from "./outside-world.js";
import { type BeginCommand, type BootCommand, type ChildSettings, type ExecuteCommand, INTERRUPT_FILE } from "./protocol.js";

/** A speed bump, not the wall: ways to JavaScript and to C. A mere `import ctypes` adds a function to the interpreter, and it could not be snapshotted any more. */
const BLOCKED_MODULES = ["js", "pyodide_js", "_ctypes"];

/** Files of an image that the quota does not bound: those of packages, and the table of the input extents. */
const BESIDE_QUOTA_BYTES = 512 * 2 ** 20;

/** Definitions take milliseconds; a setup that loops must not hang the start. */
const SETUP_TIMEOUT_MS = 60_000;

/** The user's setup raised; the message is its traceback. */
export class SetupError extends Error {}

interface SandboxParts {
  readonly journal: Journal;
  readonly deadline: Deadline;
  readonly interpreter: Interpreter;
  readonly memoryLimit: MemoryLimit;
  readonly timers: PendingTimers;
}

/** The interpreter of this process with its prelude, and the chain of its snapshots. */
export class Sandbox {
  readonly #settings: ChildSettings;
  readonly #journal: Journal;
  readonly #deadline: Deadline;
  readonly #interpreter: Interpreter;
  readonly #memoryLimit: MemoryLimit;
  readonly #timers: PendingTimers;
  readonly #writer: ImageWriter;
  /** The prelude's functions, held so that no cell can take them away. */
  #main: Record<string, unknown> = {};

  private constructor(settings: ChildSettings, { journal, deadline, interpreter, memoryLimit, timers }: SandboxParts, chain: PartChain) {
    this.#settings = settings;
    this.#journal = journal;
    this.#deadline = deadline;
    this.#interpreter = interpreter;
    this.#memoryLimit = memoryLimit;
    this.#timers = timers;
    this.#writer = new ImageWriter(interpreter, chain);
    interpreter.pyodide.setInterruptBuffer(deadline.interruptBuffer);
  }

  /** From nothing: executes the prelude modules in order, then installs the wheels. */
  static async cold(settings: ChildSettings, compiled: Promise<object>, { prelude, wheels }: BootCommand): Promise<Sandbox> {
    const sandbox = await start(settings, compiled, null, (made) => new Sandbox(settings, made, new PartChain()));
    const engine = sandbox.#interpreter.pyodide.pyimport(ENGINE_MODULE);
    for (const { stem, source } of prelude) (engine["install"] as PyFunction)(`_rlm_${stem}`, source);
    sandbox.#main = sandbox.#interpreter.pyodide.pyimport("_rlm_main");
    installWheels(sandbox.#interpreter, wheels.map((digest) => `${settings.inputsDirectory}/${digest}`));
    (engine["block"] as PyFunction)(...BLOCKED_MODULES);
    sandbox.freeze();
    fillHoles(sandbox.#interpreter.module);
    return sandbox;
  }

  /** @param readParts called, and may block, once Pyodide is there and nothing but the image is missing. */
  static async restored(settings: ChildSettings, compiled: Promise<object>, readParts: () => readonly Uint8Array[]): Promise<Sandbox> {
    let chain = new PartChain();
    const readImage = (): RestorableImage => {
      const image = new RestorableImage(readParts(), settings.buildId, settings.fileQuotaBytes + BESIDE_QUOTA_BYTES);
      chain = new PartChain(image.links());
      return image;
    };
    const sandbox = await start(settings, compiled, readImage, (made) => new Sandbox(settings, made, chain));
    sandbox.#main = sandbox.#interpreter.pyodide.pyimport("_rlm_main");
    return sandbox;
  }

  get heapBytes(): number {
    return this.#interpreter.module.HEAPU8.length;
  }

  /** Configures the prelude (which seeds `random`) and binds the inputs. Returns the JSON of their descriptions. */
  async begin({ config, inputs }: BeginCommand): Promise<string> {
    this.#call("configure", JSON.stringify({ ...config, setup: undefined }));
    const decoder = new Utf8Decoder(this.#interpreter.module);
    const threshold: LazyThreshold = { aboveBytes: config.lazyTextAboveBytes ?? Infinity, memoryLimitBytes: Math.min(this.#settings.memoryLimitBytes, config.memoryLimitBytes ?? Infinity) };
    for (const input of inputs) {
      if (!this.#bindLazily(decoder, input, threshold)) await bindInput(this.#interpreter, decoder, { ...input, path: `${this.#settings.inputsDirectory}/${input.digest}` });
      this.#call("input_bound", input.name);
    }
    if (config.setup !== undefined) this.#runSetup(config.setup);
    const described = this.#call("describe_inputs");
    this.freeze();
    return String(described);
  }

  /** Runs a cell to its end; host calls block inside. */
  runCell({ code, budget, history, cellTimeoutMs, requestBytesLeft, memoryLimitBytes, journal, tailReads }: ExecuteCommand): ReturnType<Journal["stop"]> & { resultJson: string; waitedMs: number } {
    this.#memoryLimit.maxBytes = Math.min(this.#settings.memoryLimitBytes, memoryLimitBytes ?? Infinity);
    this.#journal.start(journal, requestBytesLeft, tailReads);
    this.#deadline.start(cellTimeoutMs);
    try {
      const resultJson = String(this.#call("run_cell", JSON.stringify({ code, budget, history })));
      return { resultJson, waitedMs: this.#deadline.waitedMs, ...this.#journal.stop() };
    } finally {
      this.#deadline.stop();
    }
  }

  /** `aside`: the whole state, and the chain goes on as if it had not been taken. */
  capture(options: { aside: boolean }): CapturedPart {
    if (this.#timers.any) throw new SnapshotRefusedError("timers_pending", "a timer of Pyodide's own event loop is pending", "Use asyncio as it is in cells.");
    return this.#writer.capture(this.#settings.buildId, options);
  }

  /** Compresses what was captured; nothing may have run since. */
  writePart(captured: CapturedPart): Uint8Array {
    return this.#writer.write(captured);
  }

  /** Takes what exists out of the garbage collector's sight: a later collection then touches none of those pages (75 MB a turn become 0.5 MB). */
  freeze(): void {
    (this.#interpreter.pyodide.pyimport(ENGINE_MODULE)["freeze"] as PyFunction)();
  }

  /** Leaves a text that is too large for memory where it is. */
  #bindLazily(decoder: Utf8Decoder, { name, kind, digest }: BeginCommand["inputs"][number], threshold: LazyThreshold): boolean {
    const index = kind === "text" ? lazyIndex(this.#interpreter.module, decoder, `${this.#settings.inputsDirectory}/${digest}`, threshold) : null;
    if (index !== null) this.#call("bind_lazy_text", name, digest, index.bytes, index.characters, index.checkpoints);
    return index !== null;
  }

  #runSetup(source: string): void {
    this.#deadline.start(SETUP_TIMEOUT_MS);
    const failed = this.#call("run_setup", source);
    this.#deadline.stop();
    if (typeof failed === "string") throw new SetupError(failed);
  }

  #call(name: string, ...args: readonly unknown[]): unknown {
    const callable = this.#main[name];
    if (typeof callable !== "function") throw new Error(`the prelude's module "main" has no function ${name}`);
    return (callable as PyFunction)(...args);
  }
}

async function start(settings: ChildSettings, compiled: Promise<object>, readImage: (() => RestorableImage) | null, make: (parts: SandboxParts) => Sandbox): Promise<Sandbox> {
  const journal = new Journal();
  const deadline = new Deadline(`${settings.inputsDirectory}/${INTERRUPT_FILE}`);
  const clock = new MonotonicClock();
  const memoryLimit: MemoryLimit = { maxBytes: settings.memoryLimitBytes };
  closeDoors();
  captureOutsideWorld(journal, clock);
  const interpreter = await boot({
    pyodideDirectory: settings.pyodideDirectory,
    compiled,
    hostModules: createHostModules(journal, deadline, new InputReader((digest) => `${settings.inputsDirectory}/${digest}`)),
    clockMs: () => clock.nowMs(),
    readImage: readImage === null ? null : () => {
      const image = readImage();
      clock.advanceTo(image.state.clockMs);
      return image;
    },
    inputPath: (digest) => `${settings.inputsDirectory}/${digest}`,
    onModule: (module) => {
      unbufferRandomDevices(module);
      closeTerminals(module);
      limitMemory(module, memoryLimit);
      limitFiles(module, settings.fileQuotaBytes);
    },
  });
  const timers = new PendingTimers(() => journal.isActive);
  timers.watch();
  return make({ journal, deadline, interpreter, memoryLimit, timers });
}
