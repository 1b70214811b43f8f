import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { clockText, Dialog, durationText, inLanguage, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { TerminalPicture } from "../contract.ts";
import type {} from "../message-codes.ts";
import { useNow } from "./use-now.ts";
import type { Terminal } from "./use-terminal.ts";

/** Beside them one leads to all others. */
const QUICK = 5;

interface Props {
  readonly station: string;
  readonly picture: TerminalPicture;
  readonly terminal: Terminal;
}

/** Why it stands: one tap for what is frequent here, two for everything else. Micro-stops ask nobody. */
export function StopPanel({ station, picture, terminal }: Props): ReactNode {
  const { t, language, zone } = useWords();
  const studio = useStudio();
  const now = useNow(() => studio.now());
  const [given, setGiven] = useState<number>();
  const [isOpen, setOpen] = useState(false);
  const { stop, reasons } = picture;
  if (stop === undefined || reasons === undefined || !stop.isAsked || stop.from === given) return null;
  const give = (reason: string): void => {
    if (!terminal.enter({ kind: "reason", station, stopFrom: stop.from, reason })) return;
    setGiven(stop.from);
    setOpen(false);
  };
  const duration = durationText(stop.lasts ? Math.max(0, now - stop.from) : stop.seconds * 1e6, language);
  return (
    <section className="dw-ts-stop">
      <h2>
        {stop.lasts
          ? t("stationTerminal.stopped", { duration })
          : t("stationTerminal.wasStopped", { duration, clock: clockText(stop.from, zone, false) })}
      </h2>
      <div className="dw-ts-grid">
        {reasons.slice(0, QUICK).map(({ code, title }) => (
          <Button key={code} variant="default" onClick={() => give(code)}>
            {inLanguage(title, language)}
          </Button>
        ))}
        <Button variant="default" onClick={() => setOpen(true)}>
          {t("stationTerminal.otherReason")}
        </Button>
      </div>
      <Dialog opened={isOpen} onClose={() => setOpen(false)} title={t("stationTerminal.why")} fullScreen>
        {groupsOf(reasons).map((own) => (
          <section key={inLanguage(own[0]!.group, language)} className="dw-ts-group">
            <h3>{inLanguage(own[0]!.group, language)}</h3>
            <div className="dw-ts-grid">
              {own.map(({ code, title }) => (
                <Button key={code} variant="default" onClick={() => give(code)}>
                  {inLanguage(title, language)}
                </Button>
              ))}
            </div>
          </section>
        ))}
      </Dialog>
    </section>
  );
}

type Reasons = NonNullable<TerminalPicture["reasons"]>;

function groupsOf(reasons: Reasons): readonly Reasons[] {
  const groups = new Map<string, Reasons[number][]>();
  for (const each of reasons) groups.set(each.group.en, [...(groups.get(each.group.en) ?? []), each]);
  return [...groups.values()];
}
