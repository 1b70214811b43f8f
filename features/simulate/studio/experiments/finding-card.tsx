import { Button, Menu } from "@mantine/core";
import { IconFileTypeCsv, IconGitFork, IconPrinter, IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ExperimentResult, ExperimentSummary } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import { Card, fixedText, saveFile, signedText, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import { digitsOfKpi, pointText, unitOfKpi } from "./experiment-words.ts";
import { useTakePoint } from "./use-take-point.ts";
import * as simulate from "../../calls.ts";

type Best = NonNullable<ExperimentResult["best"]>;

interface FindingCardProps {
  readonly result: ExperimentResult;
  readonly branch: string;
  readonly point: number;
  readonly onOther: (summary: ExperimentSummary) => void;
}

/** The answer in one sentence, and what can be done with it. */
export function FindingCard(props: FindingCardProps): ReactNode {
  const { t, language } = useWords();
  const { result } = props;
  const { best, reference } = result;
  if (best === undefined) return null;
  return (
    <Card
      title={t(best.point === reference ? "simulate.experiments.asIsBest" : "simulate.experiments.bestIs", {
        point: pointText(result, best.point, language, t),
      })}
    >
      <p className="dw-report-finding">
        {best.point === reference ? (
          t("simulate.experiments.asIsBestText", { kpi: t(`kpi.${result.request.kpi}`) })
        ) : (
          <Confirmed result={result} confirmed={best.confirmed} />
        )}
        {best.certain !== undefined &&
          ` ${t(best.certain ? "simulate.experiments.certain" : "simulate.experiments.notCertain", { percent: Math.round(100 * (selectConfidence(result) ?? 0.95)) })}`}
      </p>
      <FindingActions {...props} />
    </Card>
  );
}

/** What the best point brings on fresh seeds. */
function Confirmed({ result, confirmed }: { readonly result: ExperimentResult; readonly confirmed: Best["confirmed"] }): ReactNode {
  const { t } = useWords();
  const { request } = result;
  if (confirmed === undefined) return null;
  const digits = digitsOfKpi(request.kpi);
  return (
    <>
      {t("simulate.experiments.confirmed", {
        kpi: t(`kpi.${request.kpi}`),
        difference: signedText(confirmed.mean, digits),
        halfWidth: fixedText(confirmed.halfWidth, digits),
        unit: unitOfKpi(request.kpi, t, result),
        n: confirmed.n,
      })}{" "}
      <b className={`is-${confirmed.verdict.replace(" ", "-")}`}>{t(`verdict.${confirmed.verdict}`)}</b>
    </>
  );
}

function selectConfidence({ request }: ExperimentResult): number | undefined {
  return "indifference" in request.replications ? request.replications.confidence : undefined;
}

function FindingActions({ result, branch, point, onOther }: FindingCardProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error));
  const take = useTakePoint(result, branch);
  const { id, name } = result.experiment;
  const save = async (rows: "points" | "replications"): Promise<void> => {
    const bytes = await simulate.exportExperiment(studio.client, { params: { id }, query: { rows } });
    const file = `${name.replace(/[^\p{L}\p{N}.-]+/gu, "-")}-${rows}.csv`;
    saveFile(file, new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "text/csv" }));
  };
  return (
    <div className="dw-buttons dw-screen-only">
      <Button
        size="sm"
        loading={busy}
        leftSection={<IconGitFork size={15} />}
        disabled={point === result.reference}
        onClick={() => run(() => take(point))}
      >
        {t(branch === LIVE ? "simulate.experiments.fork" : "simulate.experiments.take")}
      </Button>
      <Button size="sm" variant="default" leftSection={<IconPrinter size={15} />} onClick={() => window.print()}>
        {t("simulate.experiments.pdf")}
      </Button>
      <Menu>
        <Menu.Target>
          <Button size="sm" variant="default" leftSection={<IconFileTypeCsv size={15} />}>
            CSV
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => run(() => save("points"))}>{t("simulate.experiments.csvPoints")}</Menu.Item>
          <Menu.Item onClick={() => run(() => save("replications"))}>{t("simulate.experiments.csvReplications")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button
        size="sm"
        variant="default"
        leftSection={<IconRefresh size={15} />}
        onClick={() => run(async () => onOther(await simulate.rerunExperiment(studio.client, { params: { id } })))}
      >
        {t("simulate.experiments.again")}
      </Button>
    </div>
  );
}
