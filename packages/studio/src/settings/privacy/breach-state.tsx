import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { BreachCase } from "@doppelwerk/client";
import { useStudio, useWords } from "@doppelwerk/ui";

const EVERY_MS = 30_000;
const MINUTE = 60_000_000;

/** Whether the authority was notified, and otherwise how long there is until it has to be, counted down. */
export function BreachState({ breach: { deadline, reported, closed } }: { readonly breach: BreachCase }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [now, setNow] = useState(studio.now());
  const isCounted = closed === undefined && reported === undefined;
  useEffect(() => {
    if (!isCounted) return undefined;
    const timer = setInterval(() => setNow(studio.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, [studio, isCounted]);
  if (closed !== undefined) return t("settings.breach.closed");
  if (!isCounted) return t("settings.breach.reported");
  const left = Math.trunc((Date.parse(deadline) * 1_000 - now) / MINUTE);
  const [hours, minutes] = [Math.floor(Math.abs(left) / 60), Math.abs(left) % 60];
  return left < 0 ? (
    <strong className="dw-log-wrong">{t("settings.breach.over", { hours, minutes })}</strong>
  ) : (
    t("settings.breach.left", { hours, minutes })
  );
}
