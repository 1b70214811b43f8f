import type { ReactNode } from "react";
import type { DeclaredSignal } from "@doppelwerk/client";
import { useWords, writtenText } from "@doppelwerk/kit/studio";

const MAX_NAMES = 8;

/** What was declared, in few words; nothing where nothing was. */
export function SignalMeaning({ signal }: { readonly signal: DeclaredSignal }): ReactNode {
  const { t } = useWords();
  const { enumeration = [], counter, aliveS, deadband, minIntervalS, scale, safety, commandWhen, unsignedBits } = signal;
  const names = enumeration.slice(0, MAX_NAMES).map(({ value, name }) => `${value} = ${name}`);
  const parts = [
    names.length > 0 && names.join(", ") + (enumeration.length > MAX_NAMES ? ", …" : ""),
    counter &&
      t("connect.connection.isCounter", {
        type: t(`connect.connection.counters.${counter.type}`),
        width: counter.width ?? unsignedBits ?? "?",
      }),
    aliveS !== undefined && t("connect.connection.isAlive", { seconds: aliveS }),
    deadband !== undefined && t("connect.connection.hasDeadband", { value: writtenText(deadband, signal.unit, t) }),
    minIntervalS !== undefined && t("connect.connection.hasRate", { seconds: minIntervalS }),
    scale !== undefined && `× ${scale}`,
    safety === true && t("connect.connection.isSafety"),
    commandWhen !== undefined && commandWhen.length > 0 && t("connect.connection.hasConditions", { count: commandWhen.length }),
  ].filter((part): part is string => typeof part === "string");
  return parts.join(" · ");
}
