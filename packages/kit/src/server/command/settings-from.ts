import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** `name=value` pairs of the command line over what a file said; a value that is JSON is taken as such. Undefined = no setting at all. */
export function settingsFrom(
  pairs: readonly string[] = [],
  file: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> | undefined {
  const settings: Record<string, unknown> = { ...file };
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw new DoppelwerkError("DW_INVALID", message("server.settingNameValue", { pair }));
    settings[pair.slice(0, at)] = jsonOr(pair.slice(at + 1));
  }
  return Object.keys(settings).length === 0 ? undefined : settings;
}

export function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
