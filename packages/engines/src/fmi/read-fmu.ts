import { DEFAULT_LIMITS, error, hasErrors, unpackArchive, type AasxLimits, type Finding } from "@doppelwerk/aas";
import type { ModelDescription } from "@doppelwerk/sim/models";
import { readModelDescription } from "./read-model-description.ts";
import { message, type Message } from "@doppelwerk/messages";

/** A binary of an FMU that this machine could run. */
export type FmuBinary =
  | { readonly kind: "wasm"; readonly platform: string; readonly bytes: Uint8Array }
  | { readonly kind: "native"; readonly platform: string; readonly file: string };

export interface Fmu {
  readonly description: ModelDescription;
  /** Platforms of every binary, as the folders below `binaries` are called. */
  readonly platforms: readonly string[];
  /** Every file of the archive by absolute name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface FmuContent {
  readonly fmu?: Fmu;
  readonly findings: readonly Finding[];
}

/**
 * Folders below `binaries` that hold a core WebAssembly module with the C interface of FMI. FMI names no WebAssembly platform; the draft layered standard
 * fmi-ls-wasm takes `wasm32-wasip2` for components of the component model, so a plain module is best put into `wasm32-wasip1`, the target it is built for.
 */
export const wasmPlatforms = ["wasm32-wasip1", "wasm32-wasi", "wasm32-unknown", "wasm32", "wasm32-wasip2"] as const;

/** The archive of an FMI 2.0 or 3.0 model with what its description says, or findings that tell why not. Never throws. */
export function readFmu(bytes: Uint8Array, limits: Partial<AasxLimits> = {}): FmuContent {
  const findings: Finding[] = [];
  const files = unpackArchive(bytes, { ...DEFAULT_LIMITS, ...limits }, findings, "fmu");
  if (files === undefined) return { findings };
  const xml = files.get("/modelDescription.xml");
  if (xml === undefined) {
    findings.push(error("modelDescription.xml", "fmu", message("engines.fmi.noModelDescription")));
    return { findings };
  }
  const { description, findings: said } = readModelDescription(xml);
  findings.push(...said);
  if (description === undefined || hasErrors(findings)) return { findings };
  const platforms = [...new Set([...files.keys()].flatMap((name) => /^\/binaries\/([^/]+)\/./.exec(name)?.[1] ?? []))].sort();
  return { fmu: { description, platforms, files }, findings };
}

/** The binary to run: WebAssembly before native code. A message says why there is none. */
export function binaryOf({ description, platforms, files }: Fmu): FmuBinary | Message {
  if (description.capabilities.needsTool) return message("engines.fmi.needsTool");
  let component = false;
  for (const platform of wasmPlatforms) {
    const bytes = files.get(`/binaries/${platform}/${description.identifier}.wasm`);
    if (bytes === undefined) continue;
    if (isCoreModule(bytes)) return { kind: "wasm", platform, bytes };
    component = true;
  }
  for (const platform of nativePlatforms()) {
    const file = `/binaries/${platform}/${description.identifier}${nativeSuffix()}`;
    if (files.has(file)) return { kind: "native", platform, file };
  }
  if (component) return message("engines.fmi.wasmComponent");
  return platforms.length === 0
    ? message("engines.fmi.sourcesOnly")
    : message("engines.fmi.noBinary", { platform: `${process.platform} ${process.arch}`, platforms: platforms.join(", ") });
}

/** The core module format has version 1; a component says layer 1 where a module says layer 0. */
function isCoreModule(bytes: Uint8Array): boolean {
  return [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00].every((byte, at) => bytes[at] === byte);
}

/** Folder names of this machine: the platform tuple of FMI 3.0 (2.5.1.4.1), then the names of FMI 2.0 (2.3). */
function nativePlatforms(): readonly string[] {
  const architecture = { x64: "x86_64", arm64: "aarch64", ia32: "x86" }[process.arch as string] ?? process.arch;
  const system = { win32: "windows" }[process.platform as string] ?? process.platform;
  const older = { linux: "linux", win32: "win", darwin: "darwin" }[process.platform as string];
  const bits = process.arch === "ia32" ? "32" : "64";
  return [`${architecture}-${system}`, ...(older !== undefined && process.arch !== "arm64" ? [`${older}${bits}`] : [])];
}

function nativeSuffix(): string {
  return { win32: ".dll", darwin: ".dylib" }[process.platform as string] ?? ".so";
}
