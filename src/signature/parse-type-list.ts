import type { TypeSpec } from "../core/signature.js";
import type { TokenCursor } from "./token-cursor.js";

/** Parses one type that lies `depth` levels deep. Handed down, so that the files of the parser need not import each other in a circle. */
export type TypeParser = (cursor: TokenCursor, depth: number) => TypeSpec;

/** The types up to the closing bracket, which is taken; at least one. */
export function parseTypeList(cursor: TokenCursor, close: string, depth: number, parse: TypeParser): TypeSpec[] {
  const types = [parse(cursor, depth + 1)];
  while (cursor.take(",") && !cursor.at(close)) types.push(parse(cursor, depth + 1));
  cursor.expect(close, `Separate types with \`,\` and close with \`${close}\`.`);
  return types;
}
