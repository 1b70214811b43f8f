import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { ScrollRegion, Card, FanChart, KpiTable, fixedText, useWords } from "@doppelwerk/kit/studio";
import { useLineNames } from "./use-line-names.ts";

/** Of a run of several lines: each with its figures, and what was in the buffers between them. Nothing of a run of one. */
export function LinesOfRun({ result, compact }: { readonly result: RunResult; readonly compact?: boolean }): ReactNode {
  const { t } = useWords();
  const nameOf = useLineNames(result.run.branch);
  if (result.lines === undefined) return null;
  return (
    <>
      {result.lines.map(({ line, kpis, fan }) => (
        <Card key={line} title={nameOf(line)} note={t("simulate.decide.ofTheLine")}>
          <ScrollRegion label={t("simulate.decide.againstTogether")}>
            <KpiTable kpis={kpis} compact={compact === true} />
          </ScrollRegion>
          {compact !== true && <FanChart live={fan.live} branch={fan.branch} />}
        </Card>
      ))}
      <BuffersOfRun buffers={result.buffers ?? []} />
    </>
  );
}

function BuffersOfRun({ buffers }: { readonly buffers: NonNullable<RunResult["buffers"]> }): ReactNode {
  const { t } = useWords();
  if (buffers.length === 0) return null;
  return (
    <Card title={t("simulate.decide.sharedBuffers")} note={t("simulate.decide.sharedBuffersNote")}>
      <table className="dw-table">
        <tbody>
          {buffers.map(({ buffer, name, capacity, live, branch }) => (
            <tr key={buffer}>
              <td>{name}</td>
              <td className="is-number">
                {fixedText(live.mean, 1)} → {fixedText(branch.mean, 1)}
              </td>
              <td className="is-number">
                {capacity === undefined
                  ? t("simulate.decide.bufferMost", { live: live.max, branch: branch.max })
                  : t("simulate.decide.bufferMostOf", { live: live.max, branch: branch.max, capacity })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
