import { readFile, stat, writeFile } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import {
  CLASSES,
  downgrade,
  error,
  hasErrors,
  readFile as readAasFile,
  validate,
  validateBytes,
  warning,
  writeAasx,
  writeEnvironment,
  writeXml,
} from "@doppelwerk/aas";
import type { AasxFile, AasxLimits, ClassName, Environment, FileContent, Finding } from "@doppelwerk/aas";
import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FileReport } from "@doppelwerk/client";
import { reportOf } from "@doppelwerk/aas";
import { printNotice } from "@doppelwerk/kit/command";

// What the command line does with AAS files without a server: judge, report, convert.

/** More than a Node buffer or string holds comfortably. */
const MAX_BYTES = 2 ** 30;

interface Limited {
  readonly zipRatio?: number;
}

/** One line a file: `{file, valid, findings}`; exit 1 when one is not valid. A file that cannot be read is not valid, and the others are judged all the same. */
export async function validateFiles(
  files: readonly string[],
  options: Limited & { readonly class?: ClassName; readonly json?: boolean },
): Promise<void> {
  for (const file of files) {
    const findings = await judge(file, options);
    const valid = !hasErrors(findings);
    if (!valid) process.exitCode = 1;
    const lines = options.json
      ? [JSON.stringify({ file, valid, findings })]
      : [`${file}: ${valid ? "valid" : "not valid"}${countsOf(findings)}`, ...findings.map(lineOf)];
    await print(lines);
  }
}

async function judge(file: string, options: Limited & { readonly class?: ClassName }): Promise<readonly Finding[]> {
  try {
    const likely = classOfFolder(file);
    const known = { ...(options.class && { is: options.class }), ...(likely && { likely }) };
    return validateBytes(await bytesOf(file), limitsOf(options), known);
  } catch (cause) {
    if (cause instanceof DoppelwerkError) return [error("", "file", cause.reason)];
    throw cause;
  }
}

/** Collections of single instances keep them in folders named by class: the innermost such folder, wherever the command is called. */
function classOfFolder(file: string): ClassName | undefined {
  const folders = dirname(resolve(file)).split(sep);
  return folders.findLast((name): name is ClassName => CLASSES.has(name));
}

/** What an import would bring, file by file; changes nothing. Exit 1 when a file holds nothing that can be imported. */
export async function reportFiles(
  files: readonly string[],
  options: Limited & { readonly repair: string; readonly json?: boolean },
): Promise<void> {
  for (const file of files) {
    const { report } = reportOf(readAasFile(await bytesOf(file), limitsOf(options)), options.repair);
    if (report.shells + report.submodels + report.conceptDescriptions === 0) process.exitCode = 1;
    await print(options.json ? [JSON.stringify({ file, ...report })] : shown(file, report));
  }
}

function shown(file: string, report: FileReport): string[] {
  const { shells, submodels, elements, conceptDescriptions, files, findings } = report;
  return [
    `${file}: ${report.format}${report.release === undefined ? "" : ` of release ${report.release}`}, ${shells} shells, ${submodels} submodels, ${elements} elements, ${conceptDescriptions} concept descriptions, ${files} files${countsOf(findings)}`,
    ...(report.repaired ?? []).map(({ path, constraint, how }) => `  done     ${constraint.padEnd(11)} ${path || "/"}: ${how}`),
    ...findings.flatMap((finding) => [
      lineOf(finding),
      ...(finding.repairs ?? []).map(({ how, kind }) => `             ${kind === "plain" ? "repair" : "guess "}: ${how}`),
    ]),
  ];
}

export interface ExportOptions extends Limited {
  readonly format: "json" | "xml" | "aasx";
  readonly release: "3.0" | "3.1";
  readonly repair: string;
  readonly out?: string;
}

/** A file of any release and format as one of release 3.0 or 3.1; what could not be taken along is told on stderr. */
export async function convertFile(file: string, options: ExportOptions): Promise<void> {
  const content = readAasFile(await bytesOf(file), limitsOf(options));
  const { environment } = reportOf(content, options.repair);
  if (Object.values(environment).every((list) => !Array.isArray(list) || list.length === 0)) {
    const reason = content.findings.find(({ severity }) => severity === "error")?.message ?? "it is empty";
    throw new DoppelwerkError("DW_INVALID", messageOf("server.nothingFileCanExported", { reason, file }));
  }
  for (const finding of content.findings) if (finding.severity !== "warning" && finding.severity !== "error") tell(finding);
  await writeContent({ ...content, environment }, options);
}

/** Writes an environment and its files in a format and release. */
export async function writeContent(
  content: Pick<FileContent, "environment" | "files" | "thumbnail">,
  options: ExportOptions,
): Promise<void> {
  const { environment, findings } =
    options.release === "3.0" ? downgrade(content.environment) : { environment: content.environment, findings: [] };
  findings.forEach(tell);
  if (options.format === "xml") lostInXml(environment).forEach(tell);
  const left = content.files.size + (content.thumbnail === undefined ? 0 : 1);
  if (options.format !== "aasx" && left > 0) tell(warning("", "aasx", messageOf("server.filesOnlyInAasx", { count: left })));
  const bytes = bytesIn(environment, content, options);
  if (options.out === undefined) process.stdout.write(bytes);
  else {
    await writeFile(options.out, bytes).catch((cause: NodeJS.ErrnoException) => {
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        messageOf("server.fileCannotWritten", { code: cause.code ?? cause.message, out: options.out! }),
      );
    });
    process.stdout.write(`${options.out}\n`);
  }
}

function bytesIn(
  environment: Environment,
  content: Pick<FileContent, "files" | "thumbnail">,
  { format, release }: ExportOptions,
): Uint8Array {
  if (format === "json") return Buffer.from(`${writeEnvironment(environment, 2)}\n`);
  if (format === "xml") return Buffer.from(writeXml(environment, { release }));
  const { thumbnail } = content;
  const files = new Map<string, AasxFile>(content.files);
  if (thumbnail !== undefined) files.set(thumbnail.path, thumbnail);
  return writeAasx(environment, files, { format: "xml", release, ...(thumbnail === undefined ? {} : { thumbnail: thumbnail.path }) });
}

/** What XML has no place for: attributes that the metamodel does not know, and characters that are none of XML's. */
function lostInXml(environment: Environment): Finding[] {
  return validate(environment, "Environment").flatMap((finding): Finding[] => {
    if (finding.constraint === "additional")
      return [{ ...finding, severity: "warning", message: `${finding.message} XML has no place for it: left out.` }];
    return finding.constraint === "AASd-130"
      ? [{ ...finding, severity: "warning", message: `${finding.message} They became U+FFFD.` }]
      : [];
  });
}

function tell(finding: Finding): void {
  printNotice(lineOf(finding));
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw new DoppelwerkError("DW_INVALID", messageOf("server.fileBytes", { size, max: MAX_BYTES, file }));
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof DoppelwerkError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new DoppelwerkError("DW_INVALID", messageOf("server.cannotReadFile", { code: code ?? message, file }));
  }
}

function limitsOf({ zipRatio }: Limited): Partial<AasxLimits> {
  return zipRatio === undefined ? {} : { mostRatio: zipRatio };
}

function lineOf({ path, constraint, severity, message }: Finding): string {
  return `  ${severity.padEnd(8)} ${constraint.padEnd(11)} ${path || "/"}: ${message}`;
}

function countsOf(findings: readonly Finding[]): string {
  const counts = (["error", "repaired", "warning", "info"] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0
      ? []
      : [`${count} ${severity === "repaired" || severity === "info" ? severity : `${severity}${count === 1 ? "" : "s"}`}`];
  });
  return counts.length === 0 ? "" : `; ${counts.join(", ")}`;
}

/** Ends when the lines are out, so that thousands of files do not pile up behind a slow reader. */
async function print(lines: readonly string[]): Promise<void> {
  const text = `${lines.join("\n")}\n`;
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once("drain", resolve));
}
