import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { packageRoot } from "../../src/stack/package-files.js";

export interface Compiled {
  /** `line: message`, one a fault; empty when the text is right. */
  readonly faults: readonly string[];
  /** Processor time the compiler spent on checking: the same on a busy machine; parsing and binding left out. */
  readonly checkMs: number;
}

/** Type-checks a text as if it were `test/signature/<fileName>`, with this project's own compiler options. */
export function compileText(fileName: string, text: string): Compiled {
  const root = packageRoot();
  const configFile = path.join(root, "tsconfig.json");
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(configFile, (file) => readFileSync(file, "utf8")).config, ts.sys, root);
  const own = path.join(root, "test", "signature", fileName);
  const host = ts.createCompilerHost({ ...options, noEmit: true });
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (file, languageVersion) => (path.resolve(file) === own ? ts.createSourceFile(file, text, languageVersion) : readSource(file, languageVersion));
  const exists = host.fileExists.bind(host);
  host.fileExists = (file) => path.resolve(file) === own || exists(file);
  const program = ts.createProgram({ rootNames: [own], options: { ...options, noEmit: true }, host });
  const before = [...program.getSyntacticDiagnostics(), ...program.getGlobalDiagnostics()];
  const source = program.getSourceFile(own);
  const begun = process.cpuUsage();
  const found = program.getSemanticDiagnostics(source);
  const { user, system } = process.cpuUsage(begun);
  return { faults: [...before, ...found].map(describe), checkMs: (user + system) / 1000 };
}

function describe({ file, start, messageText }: ts.Diagnostic): string {
  const line = file === undefined || start === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
  return `${line}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
}
