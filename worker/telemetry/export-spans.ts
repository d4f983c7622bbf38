import { ROOT_CONTEXT, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Observe } from "../../src/core/work-fact.js";
import { packageVersions } from "../../src/stack/package-files.js";
import { currentActivity } from "./current-activity.js";
import { describeSpans, type DescribedSpan } from "./describe-span.js";

/** A worker that is killed loses what it has not sent yet. */
const EXPORT_DELAY_MS = 1_000;

export interface SpanExport {
  readonly observe: Observe;
  /** Sends what is left. */
  shutdown(): Promise<void>;
}

/**
 * Sends spans by OTLP/HTTP. Headers, timeout and compression are as in OpenTelemetry's own variables.
 * @param url of the traces, whole
 * @param content whether prompts and answers are sent too
 */
export function exportSpans(url: string, content: boolean, workerId: string): SpanExport {
  // Ids are given, not made: set right before each span is started, which happens at once.
  let ids = { traceId: "", spanId: "" };
  const version = packageVersions().package;
  const provider = new BasicTracerProvider({
    idGenerator: { generateTraceId: () => ids.traceId, generateSpanId: () => ids.spanId },
    resource: resourceFromAttributes({ "service.name": "durable-rlm", "service.version": version, "service.instance.id": workerId }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }), { scheduledDelayMillis: EXPORT_DELAY_MS })],
  });
  const tracer = provider.getTracer("durable-rlm", version);
  const send = ({ traceId, spanId, parentId, name, kind, startedAtMs, endedAtMs, error, attributes }: DescribedSpan): void => {
    ids = { traceId, spanId };
    const context = parentId === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: parentId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
    const workflowId = currentActivity()?.workflowId;
    const span = tracer.startSpan(name, { kind, startTime: startedAtMs, attributes: { ...attributes, ...(workflowId !== undefined && { temporalWorkflowID: workflowId }) } }, context);
    if (error !== null) span.setAttribute("error.type", error).setStatus({ code: SpanStatusCode.ERROR });
    span.end(endedAtMs);
  };
  return {
    observe: (fact) => describeSpans(fact, content).forEach(send),
    shutdown: () => provider.shutdown(),
  };
}
