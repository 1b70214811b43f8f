import type { ReactNode } from "react";
import type { BlendAnswer, BlendRequest } from "@doppelwerk/client";
import { Card, DataTable, fixedText, percentText, useWords, type Column } from "@doppelwerk/kit/studio";
import { amountText, isAtLimit, rowName, shareText } from "./blend-words.ts";

interface BlendAnswerProps {
  readonly answer: BlendAnswer;
  readonly request: BlendRequest;
}

/** The cheapest charge and what its limits cost, or why there is none. */
export function BlendAnswerCards({ answer, request }: BlendAnswerProps): ReactNode {
  const { t } = useWords();
  if (answer.status === "infeasible") return <ConflictCard answer={answer} />;
  if (answer.masses === undefined)
    return (
      <Card title={t(answer.status === "unbounded" ? "simulate.optimise.blend.unbounded" : "simulate.optimise.blend.limit")}>{null}</Card>
    );
  return (
    <>
      <Card
        title={t("simulate.optimise.blend.optimal", { cost: amountText(answer.cost!) })}
        note={t("simulate.optimise.blend.optimalNote", { ms: Math.max(1, Math.round(answer.ms)) })}
      >
        <div className="dw-decide-row">
          <MassTable masses={answer.masses} request={request} />
          <AnalysisTable analysis={answer.analysis!} />
        </div>
      </Card>
      <PricesCard prices={answer.prices!} />
    </>
  );
}

/** Limits that cannot hold together, and by how much each would have to give. */
function ConflictCard({ answer }: { readonly answer: BlendAnswer }): ReactNode {
  const { t } = useWords();
  return (
    <Card title={t("simulate.optimise.blend.infeasible")}>
      <p className="dw-quiet">{t("simulate.optimise.blend.infeasibleText")}</p>
      <ul className="dw-blend-words">
        {answer.conflict!.map(({ row, limit, at, unit, by }) => (
          <li key={`${row} ${limit}`}>
            <b>
              {t(limit === "lower" ? "simulate.optimise.blend.lowerLimit" : "simulate.optimise.blend.upperLimit", {
                row: rowName(row, t),
                at: amountText(at),
                unit,
              })}
            </b>{" "}
            {by > 0 ? t("simulate.optimise.blend.gives", { by: amountText(by), unit }) : t("simulate.optimise.blend.staysInConflict")}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function MassTable({
  masses,
  request,
}: {
  readonly masses: NonNullable<BlendAnswer["masses"]>;
  readonly request: BlendRequest;
}): ReactNode {
  const { t } = useWords();
  const used = masses.filter(({ kg }) => kg > 1e-6);
  const total = used.reduce((sum, { kg }) => sum + kg, 0);
  const priceOf = (name: string): number => request.materials.find((material) => material.name === name)?.costPerKg ?? 0;
  const columns: readonly Column<(typeof used)[number]>[] = [
    {
      title: t("simulate.optimise.blend.material"),
      sortBy: ({ name }) => name,
      cell: ({ name, pieces }) => (
        <>
          {name} {pieces !== undefined && <small className="dw-quiet-text">{t("simulate.optimise.blend.pieces", { count: pieces })}</small>}
        </>
      ),
    },
    { title: t("simulate.optimise.blend.mass"), isNumber: true, sortBy: ({ kg }) => kg, cell: ({ kg }) => fixedText(kg, kg < 100 ? 1 : 0) },
    { title: t("simulate.optimise.blend.share"), isNumber: true, cell: ({ kg }) => percentText(kg / total) },
    {
      title: t("simulate.optimise.blend.costs"),
      isNumber: true,
      sortBy: ({ name, kg }) => kg * priceOf(name),
      cell: ({ name, kg }) => amountText(kg * priceOf(name)),
    },
  ];
  return <DataTable caption={t("simulate.optimise.blend.charge")} columns={columns} rows={used} keyOf={({ name }) => name} isDense />;
}

/** Shares of the elements between their limits; those at a limit are marked. */
function AnalysisTable({ analysis }: { readonly analysis: NonNullable<BlendAnswer["analysis"]> }): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<(typeof analysis)[number]>[] = [
    { title: t("simulate.optimise.blend.analysis"), cell: ({ element }) => element },
    { title: "%", isNumber: true, cell: ({ share }) => shareText(share) },
    { title: t("simulate.optimise.blend.low"), isNumber: true, cell: ({ low }) => shareText(low) },
    { title: t("simulate.optimise.blend.high"), isNumber: true, cell: ({ high }) => shareText(high) },
  ];
  return (
    <DataTable
      caption={t("simulate.optimise.blend.analysis")}
      columns={columns}
      rows={analysis}
      keyOf={({ element }) => element}
      rowClass={({ share, low, high }) => (isAtLimit(share, low) || isAtLimit(share, high) ? "is-binding" : undefined)}
      isDense
    />
  );
}

/** What a limit costs: how much a step of it would save. */
function PricesCard({ prices }: { readonly prices: NonNullable<BlendAnswer["prices"]> }): ReactNode {
  const { t } = useWords();
  return (
    <Card
      title={t("simulate.optimise.blend.prices")}
      note={t(prices.length > 0 ? "simulate.optimise.blend.pricesText" : "simulate.optimise.blend.pricesPieces")}
    >
      <ul className="dw-blend-words">
        {prices.map(({ row, limit, at, unit, saves }) => (
          <li key={`${row} ${limit}`}>
            {t(limit === "lower" ? "simulate.optimise.blend.lowerPrice" : "simulate.optimise.blend.upperPrice", {
              row: rowName(row, t),
              at: `${amountText(at)} ${unit}`,
              unit,
              saves: amountText(saves),
            })}
          </li>
        ))}
      </ul>
    </Card>
  );
}
