/**
 * What the compiler shows in place of a signature that cannot be used: nothing is assignable to it, and its name carries the message. The same
 * mistake is a `SignatureError` with its column at run time.
 */
export interface SignatureMistake<Message extends string> {
  readonly "mistake in the signature": Message;
}

/** `` `strr` is not a type. Write … ``: shortened to where the fault is, because the whole text stands beside it anyway. */
export type Unexpected<Rest extends string, Wanted extends string> = Rest extends ""
  ? SignatureMistake<`the text ends where ${Wanted} should stand.`>
  : SignatureMistake<`${Wanted} should stand at \`${Rest}\`.`>;
