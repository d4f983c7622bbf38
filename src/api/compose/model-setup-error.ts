export type ModelSetupProblem = "no_model" | "unknown_price" | "credentials" | "unknown_model" | "model_server_unreachable";

/** The models of a run cannot be used as they are set up; found before anything is started. `hint` is the cure. */
export class ModelSetupError extends Error {
  override readonly name = "ModelSetupError";
  constructor(readonly code: ModelSetupProblem, message: string, readonly hint: string | null = null, options?: ErrorOptions) {
    super(message, options);
  }
}
