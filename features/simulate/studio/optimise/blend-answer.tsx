import type { ReactNode } from "react";
import type { BlendAnswer, BlendWish } from "@doppelwerk/client";
import { Card, fixedText, percentText, useWords } from "@doppelwerk/kit/studio";
import { amountText, isAtLimit, rowName, shareText } from "./blend-words.ts";

interface BlendAnswerProps {
  readonly answer: BlendAnswer;
  readonly request: BlendWish;
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

function MassTable({ masses, request }: { readonly masses: NonNullable<BlendAnswer["masses"]>; readonly request: BlendWish }): ReactNode {
  const { t } = useWords();
  const used = masses.filter(({ kg }) => kg > 1e-6);
  const total = used.reduce((sum, { kg }) => sum + kg, 0);
  const priceOf = (name: string): number => request.materials.find((material) => material.name === name)?.costPerKg ?? 0;
  return (
    <table className="dw-table">
      <thead>
        <tr>
          <th>{t("simulate.optimise.blend.material")}</th>
          <th className="is-number">{t("simulate.optimise.blend.mass")}</th>
          <th className="is-number">{t("simulate.optimise.blend.share")}</th>
          <th className="is-number">{t("simulate.optimise.blend.costs")}</th>
        </tr>
      </thead>
      <tbody>
        {used.map(({ name, kg, pieces }) => (
          <tr key={name}>
            <td>
              {name}{" "}
              {pieces !== undefined && <small className="dw-quiet-text">{t("simulate.optimise.blend.pieces", { count: pieces })}</small>}
            </td>
            <td className="is-number">{fixedText(kg, kg < 100 ? 1 : 0)}</td>
            <td className="is-number">{percentText(kg / total)}</td>
            <td className="is-number">{amountText(kg * priceOf(name))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Shares of the elements between their limits; those at a limit are marked. */
function AnalysisTable({ analysis }: { readonly analysis: NonNullable<BlendAnswer["analysis"]> }): ReactNode {
  const { t } = useWords();
  return (
    <table className="dw-table">
      <thead>
        <tr>
          <th>{t("simulate.optimise.blend.analysis")}</th>
          <th className="is-number">%</th>
          <th className="is-number">{t("simulate.optimise.blend.low")}</th>
          <th className="is-number">{t("simulate.optimise.blend.high")}</th>
        </tr>
      </thead>
      <tbody>
        {analysis.map(({ element, share, low, high }) => (
          <tr key={element} className={isAtLimit(share, low) || isAtLimit(share, high) ? "is-binding" : ""}>
            <td>{element}</td>
            <td className="is-number">{shareText(share)}</td>
            <td className="is-number">{shareText(low)}</td>
            <td className="is-number">{shareText(high)}</td>
          </tr>
        ))}
      </tbody>
    </table>
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
