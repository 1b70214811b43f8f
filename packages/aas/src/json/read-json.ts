import { message } from "@doppelwerk/messages";
import { error } from "../finding.ts";
import type { ReadEnvironment } from "../read-environment.ts";
import { parseEnvironment } from "./parse-environment.ts";

/** An environment from JSON text, and everything that is wrong with it. Never throws. */
export function readJson(text: string): ReadEnvironment {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return {
      environment: {},
      findings: [
        error("", "json", message("aas.neitherAasxXmlNorJson", { cause: cause instanceof Error ? cause.message : String(cause) })),
      ],
    };
  }
  return parseEnvironment(json);
}
