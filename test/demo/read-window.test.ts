import { describe, expect, it } from "vitest";
import { CAUSES } from "../../src/demo/causes.js";
import { readWindow } from "../../src/demo/read-window.js";
import { CALM, COMPLAINT, RECOVERY, TROUBLE } from "../../src/demo/wordings.js";
import { SERVICES } from "../../src/demo/services.js";

const otherServices = SERVICES.map((service) => service.name).filter((name) => name !== "payments");
const read = (...messages: string[]) => readWindow({
  service: "payments", otherServices, lines: messages.map((message) => `2026-01-01T00:00:00.000Z WARN payments[1] req=00000000 ${message.replaceAll("#", "7").replace("@", "ledger")}`),
});

describe("the scripted sub-model", () => {
  it.each(CAUSES)("knows every wording of %s", (cause) => {
    for (const wording of TROUBLE[cause]) expect([wording, read(wording)]).toEqual([wording, { verdict: "own_failure", cause, line: 1 }]);
  });

  it("knows when trouble is over", () => {
    for (const end of RECOVERY) expect([end, read("ntp lost its peers", end)]).toEqual([end, { verdict: "recovered", cause: null, line: 2 }]);
  });

  it("tells trouble that comes again from trouble that was over", () => {
    expect(read("ntp lost its peers", "stable again", "no answer from the name servers", "lookup fails")).toEqual({ verdict: "own_failure", cause: "dns_failure", line: 3 });
  });

  it("does not take a calm note for trouble, whatever it is about", () => {
    for (const note of CALM) expect([note, read(note).verdict]).toEqual([note, "harmless"]);
  });

  it("sees who only suffers from another service", () => {
    for (const complaint of COMPLAINT) expect([complaint, read(complaint).verdict]).toEqual([complaint, "upstream"]);
  });

  it("calls a failure of its own one, after complaints about others too", () => {
    expect(read("no reply from @", "pool drained: 0 idle")).toMatchObject({ verdict: "own_failure", cause: "connection_pool_exhausted", line: 2 });
  });
});
