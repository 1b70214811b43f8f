import type { ReactNode } from "react";
import { Card, HOUR, KpiFigures, NotReadAgain, useLoad, useMoment, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { DeclaredKpi } from "../contract.ts";

const HOURS = 24;
/** The end of the period moves in steps, so that one answer serves for a while. */
const STEP = 60_000_000;
const REFRESH_MS = 30_000;

/** What packs declare, of the last day; nothing where none declares any. */
export default function DeclaredCard({ place }: { readonly place?: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { instant, shown } = useMoment();
  const to = shown === undefined ? (Math.floor(instant() / STEP) + 1) * STEP : Math.round(shown);
  const query = { from: to - HOURS * HOUR, to, ...(place !== undefined && { place }) };
  const loaded = useLoad(
    { key: ["GET /declared-kpis", query], run: (_, signal) => calls.declaredKpis(studio.client, { query }, { signal }) },
    { everyMs: shown === undefined ? REFRESH_MS : undefined },
  );
  const kpis = loaded.value?.kpis ?? [];
  if (kpis.length === 0) return null;
  const byPack = [...Map.groupBy(kpis, ({ pack }) => pack)];
  return (
    <Card className="dw-board-declared" title={t("kpis.declared.title")} note={t("kpis.declared.hours", { hours: HOURS })}>
      {byPack.map(([pack, own]: readonly [string, readonly DeclaredKpi[]]) => (
        <section key={pack}>
          {byPack.length > 1 && <small>{pack}</small>}
          <KpiFigures kpis={own} />
        </section>
      ))}
      <NotReadAgain loaded={loaded} />
    </Card>
  );
}
