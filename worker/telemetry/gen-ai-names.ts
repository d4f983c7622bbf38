/**
 * Names of the OpenTelemetry semantic conventions for generative AI that our spans carry, version 1.41.0 (status: development; the last one in
 * https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai). Names change between versions: they are used from here only.
 */
export const GEN_AI = {
  operation: "gen_ai.operation.name",
  /** The API that is spoken; ours speaks OpenAI's, to whatever server. */
  provider: "gen_ai.provider.name",
  agent: "gen_ai.agent.name",
  conversation: "gen_ai.conversation.id",
  requestModel: "gen_ai.request.model",
  responseModel: "gen_ai.response.model",
  finishReasons: "gen_ai.response.finish_reasons",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cachedInputTokens: "gen_ai.usage.cache_read.input_tokens",
  tool: "gen_ai.tool.name",
  toolCall: "gen_ai.tool.call.id",
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
  errorType: "error.type",
} as const;

export const OPERATION = { chat: "chat", invokeAgent: "invoke_agent", executeTool: "execute_tool" } as const;
