import type { ReactNode } from "react";
import type { RunResult } from "@doppelwerk/client";
import { Card, fixedText, useWords } from "@doppelwerk/kit/studio";
import { parameterWords } from "./parameter-words.ts";

/** What the model was fitted to: each parameter with its range and how many observations it rests on. */
export function ParametersCard({ parameters }: { readonly parameters: RunResult["parameters"] }): ReactNode {
  const { t } = useWords();
  return (
    <Card title={t("simulate.decide.parameters")} note={t("simulate.decide.parametersNote")}>
      <div className="dw-scroll" style={{ maxHeight: 320 }}>
        <table className="dw-table">
          <thead>
            <tr>
              <th>{t("simulate.decide.parameter")}</th>
              <th className="is-number">{t("simulate.decide.estimate")}</th>
              <th className="is-number">{t("simulate.decide.range95")}</th>
              <th className="is-number">n</th>
              <th>{t("simulate.decide.source")}</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map((parameter) => (
              <tr key={`${parameter.station} ${parameter.name}`} title={parameter.fit}>
                <td>
                  <b>{parameter.station}</b> {parameterWords(parameter.name, t)}{" "}
                  <small className="dw-quiet-text">{t.or(`simulate.distribution.${parameter.distribution}`, parameter.distribution)}</small>
                </td>
                <td className="is-number">
                  {short(parameter.mean)} <small>{parameter.unit}</small>
                </td>
                <td className="is-number">
                  {short(parameter.low)}–{short(parameter.high)}
                </td>
                <td className="is-number">{parameter.n}</td>
                <td>
                  {t(`simulate.decide.from.${parameter.source}`)}
                  {parameter.pooled && ` · ${t("simulate.decide.pooled")}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function short(value: number | undefined): string {
  if (value === undefined) return "–";
  return value >= 100 ? fixedText(value, 0) : value >= 10 ? fixedText(value, 1) : fixedText(value, 2);
}
