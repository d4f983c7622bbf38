import { expect, it, vi } from "vitest";
import { compileText } from "../signature/compile-text.js";

/** The compiler on a busy machine. */
vi.setConfig({ testTimeout: 180_000 });

const HEAD = `
import { z } from "zod";
import { file, rlm, signature, type GivenInputs, type InputsOf, type OutputsOf } from "../../src/api/index.js";
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const same = <T extends true>(yes?: T): T | undefined => yes;
export type Outputs<P extends { run(...inputs: never[]): Promise<{ readonly outputs: unknown }> }> = Awaited<ReturnType<P["run"]>>["outputs"];
export { file, rlm, signature, z, type GivenInputs, type InputsOf, type OutputsOf };
`;

const RIGHT = `
const triage = rlm("logs, question -> answer: str, severity: Literal['low','high']");
same<Equal<Outputs<typeof triage>, { answer: string; severity: "low" | "high" }>>();
void triage.run({ logs: file("big.log"), question: "?" });
void rlm("n: int, xs?: list[int] -> a").run({ n: 2n ** 70n, xs: [1, 2n] });
void rlm("image: bytes -> a").run({ image: new Uint8Array(1) });

const objects = rlm({ inputs: { logs: z.string(), since: z.string().optional(), n: z.number().default(1) }, outputs: { incidents: z.array(z.object({ title: z.string(), at: z.string().optional() })), day: z.iso.date().transform((day) => new Date(day)) } });
same<Equal<Outputs<typeof objects>["incidents"], { title: string; at?: string | undefined }[]>>();
same<Equal<Outputs<typeof objects>["day"], Date>>();
void objects.run({ logs: "x" });

const edited = signature("a: int -> b: float").withInstructions("x").withDescriptions({ a: "an a", b: "a b" }).withOutput("c", "'x' | 'y'").withOutput("d", z.boolean());
same<Equal<OutputsOf<typeof edited>, { b: number; c: "x" | "y"; d: boolean }>>();
same<Equal<InputsOf<typeof edited>, { a: number }>>();
const program = rlm(edited).with({ maxIterations: 3 });
same<Equal<Outputs<typeof program>, { b: number; c: "x" | "y"; d: boolean }>>();

declare const anyText: string;
const dynamic = rlm(anyText);
same<Equal<Outputs<typeof dynamic>, Record<string, unknown>>>();
`;

it("types programs from texts, schemas and edited signatures", () => {
  expect(compileText("../api/right.ts", HEAD + RIGHT).faults).toEqual([]);
});

const WRONG: readonly (readonly [string, string])[] = [
  ["rlm(\"logs -> answer: strr\");", "SignatureMistake<\"`strr` is not a type.\">"],
  ["signature(\"logs, llm_query -> answer\");", "`llm_query` is a name of the sandbox"],
  ["void rlm(\"logs, question -> answer\").run({ logs: \"x\" });", "Property 'question' is missing"],
  ["void rlm(\"logs -> answer\").run({ logs: \"x\", lgs: \"y\" });", "'lgs' does not exist"],
  ["void rlm(\"n: int -> answer\").run({ n: \"many\" });", "Type 'string' is not assignable to type 'number | bigint"],
  ["void rlm(\"n: 'a' | 'b' -> answer\").run({ n: \"c\" });", "Type '\"c\"' is not assignable"],
  ["void rlm(\"a -> b: int\").run({ a: \"x\" }).then(({ outputs }) => outputs.c);", "Property 'c' does not exist"],
  ["rlm(\"a -> b\", { maxIteration: 3 });", "'maxIteration' does not exist"],
  ["signature(\"a -> b\").withDescriptions({ c: \"x\" });", "'c' does not exist"],
];

it("refuses what is wrong with a message that tells it", () => {
  const { faults } = compileText("../api/wrong.ts", HEAD + WRONG.map(([code]) => code).join("\n"));
  const firstLine = HEAD.split("\n").length;
  expect(faults).toEqual(WRONG.map(([, message], at) => expect.stringMatching(new RegExp(`^${firstLine + at}: [^]*${message.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&")}`))));
});
