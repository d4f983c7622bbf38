import { expect, it } from "vitest";
import { parseSink } from "../../src/sinks/parse-sink.js";

it.each([
  ["stdout", "stdout"],
  ["file:out/a.json", { type: "file", path: "/here/out/a.json" }],
  ["webhook:https://a.example/x?y=1", { type: "webhook", url: "https://a.example/x?y=1" }],
  ["https://a.example/x,secret-env=KEY", { type: "webhook", url: "https://a.example/x", secretEnv: "KEY" }],
  ["slack:SLACK_URL", { type: "slack", urlEnv: "SLACK_URL" }],
])("reads %s", (text, sink) => {
  expect(parseSink(text, "/here")).toEqual(sink);
});

it.each([
  ["mail:ann", "is not a sink. Write stdout, file:PATH"],
  ["webhook:ftp://a.example", "needs an http or https address"],
  ["https://ann:pw@a.example", "must hold no password"],
  ["slack:https://hooks.slack.example/T0/B0/secret", "name a variable of the worker's environment"],
])("refuses %s, with the cure", (text, told) => {
  expect(() => parseSink(text, "/here")).toThrow(told);
});

it("does not repeat a secret that was given in place of a variable", () => {
  expect(() => parseSink("slack:https://hooks.slack.example/T0/B0/topsecret", "/here")).toThrow(expect.not.stringContaining("topsecret") as string);
});
