import type { IncomingMessage } from "node:http";

export interface CompletionBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** The JSON Schema that the reply is to keep to; `null`: none was sent. */
  readonly responseSchema: unknown;
}

/** The whole body of a request. Rejects when the client goes away before it ends. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Reads a Chat Completions body as far as scripts need it. Throws `TypeError` for anything that is not one. */
export function parseCompletionBody(raw: Buffer): CompletionBody {
  const body = parseBody(raw);
  if (!Array.isArray(body["messages"])) throw new TypeError("messages must be an array");
  const { stream_options: options, response_format: format } = body;
  const wanted = isRecord(format) ? format["json_schema"] : null;
  return {
    model: body.model,
    messages: body["messages"].map((message, index) => readMessage(message, `messages[${index}]`)),
    stream: body["stream"] === true,
    includeUsage: isRecord(options) && options["include_usage"] === true,
    responseSchema: isRecord(wanted) ? wanted["schema"] : null,
  };
}

/** Reads a Responses body: `instructions` is a system message, `input` a text or a list of messages. Throws `TypeError`. */
export function parseResponseBody(raw: Buffer): CompletionBody {
  const body = parseBody(raw);
  const { instructions, input, text } = body as { instructions?: unknown; input?: unknown; text?: unknown };
  const format = isRecord(text) ? text["format"] : null;
  const system = typeof instructions === "string" ? [{ role: "system", text: instructions }] : [];
  if (typeof input !== "string" && !Array.isArray(input)) throw new TypeError("input must be a string or an array");
  const given = typeof input === "string" ? [{ role: "user", text: input }] : input.map((message: unknown, index) => readMessage(message, `input[${index}]`));
  return { model: body.model, messages: [...system, ...given], stream: body["stream"] === true, includeUsage: true, responseSchema: isRecord(format) ? format["schema"] : null };
}

function parseBody(raw: Buffer): Record<string, unknown> & { readonly model: string } {
  const body: unknown = JSON.parse(raw.toString("utf8"));
  if (!isRecord(body) || typeof body["model"] !== "string") throw new TypeError("model must be a string");
  return { ...body, model: body["model"] };
}

function readMessage(message: unknown, where: string): { role: string; text: string } {
  if (!isRecord(message) || typeof message["role"] !== "string") throw new TypeError(`${where}.role must be a string`);
  return { role: message["role"], text: textOf(message["content"]) };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part: unknown) => (isRecord(part) && typeof part["text"] === "string" ? part["text"] : "")).join("");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
