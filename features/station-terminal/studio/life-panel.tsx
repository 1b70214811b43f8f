import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Dialog, useWords } from "@doppelwerk/kit/studio";
import type { ShownLife, TerminalPicture } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { Terminal } from "./use-terminal.ts";

interface Props {
  readonly station: string;
  readonly picture: TerminalPicture;
  readonly terminal: Terminal;
}

/** Tools, moulds and gauges of the station that are due, or will be soon; one that was changed is counted anew. */
export function LifePanel({ station, picture, terminal }: Props): ReactNode {
  const { t } = useWords();
  const [asked, setAsked] = useState<ShownLife>();
  const [reset, setReset] = useState<readonly string[]>([]);
  const shown = picture.life.filter(({ code, since, state }) => state !== "good" && !reset.includes(`${code} ${since}`));
  if (shown.length === 0) return null;
  return (
    <section className="dw-ts-life" aria-label={t("stationTerminal.life.title")}>
      {shown.map((item) => (
        <div key={item.code} className={`dw-ts-line is-${item.state}`}>
          <span>
            <b>{item.name}</b> {t(`stationTerminal.life.${item.state}`)} · <UsedLife item={item} />
          </span>
          <Button variant="default" onClick={() => setAsked(item)}>
            {t("stationTerminal.life.reset")}
          </Button>
        </div>
      ))}
      {asked !== undefined && (
        <Dialog opened onClose={() => setAsked(undefined)} title={t("stationTerminal.life.resetOf", { name: asked.name })} centered>
          <p>{t(`stationTerminal.life.question.${asked.what}`)}</p>
          <Button
            fullWidth
            size="lg"
            onClick={() => {
              if (terminal.enter({ kind: "lifeReset", station, item: asked.code })) setReset([...reset, `${asked.code} ${asked.since}`]);
              setAsked(undefined);
            }}
          >
            {t("stationTerminal.life.reset")}
          </Button>
        </Dialog>
      )}
    </section>
  );
}

/** `4,812 of 5,000 cycles`. */
export function UsedLife({ item }: { readonly item: ShownLife }): ReactNode {
  const { t, language } = useWords();
  const number = (value: number): string =>
    value.toLocaleString(language === "zh" ? "zh-CN" : "en", { maximumFractionDigits: item.unit === "cycles" ? 0 : 1 });
  const used = item.used === undefined ? "–" : number(item.used);
  return t(`stationTerminal.life.used.${item.unit}`, { used, limit: number(item.limit) });
}
