import { isBuiltin, registerHooks } from "node:module";

/** Modules of Node that compute and nothing else. */
const ALLOWED: ReadonlySet<string> = new Set([
  "assert",
  "assert/strict",
  "buffer",
  "events",
  "path",
  "path/posix",
  "querystring",
  "string_decoder",
  "timers",
  "timers/promises",
  "url",
  "util",
  "util/types",
]);

/** Ways to other processes and to native code; the permission model has no say in signals. */
const TAKEN = ["kill", "_kill", "_debugProcess", "_debugEnd", "binding", "_linkedBinding", "dlopen"] as const;

/** What is left to a pack: computing, and asking the server. Called before any of its code is loaded; nothing undoes it. */
export function sealProcess(): void {
  const refuse = (name: string) => () => {
    throw new Error(`a pack may not use process.${name}`);
  };
  for (const name of TAKEN)
    if (name in process) Object.defineProperty(process, name, { value: refuse(name), writable: false, configurable: false });
  Object.defineProperty(process, "getBuiltinModule", {
    value: (name: string) => (isAllowed(name) ? builtin(name) : undefined),
    writable: false,
    configurable: false,
  });
  registerHooks({
    resolve(specifier, context, next) {
      if (isBuiltin(specifier) && !isAllowed(specifier)) throw new Error(`a pack may not import ${specifier}`);
      return next(specifier, context);
    },
  });
}

const builtin = process.getBuiltinModule.bind(process) as (name: string) => unknown;

function isAllowed(name: string): boolean {
  return ALLOWED.has(name.replace(/^node:/, ""));
}
