import { Button, Select } from "@mantine/core";
import { useState } from "react";
import type { Message } from "@doppelwerk/kit";
import type { ReactNode } from "react";
import {
  Card,
  Chart,
  DataTable,
  Empty,
  Failure,
  fixedText,
  inLanguage,
  messageText,
  NotReadAgain,
  numberText,
  percentText,
  useLoad,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { EnergyPerformance, KnownBaseline } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { BaselineDialog } from "./baseline-dialog.tsx";
import type { AskedOfEnergy } from "./energy-page.tsx";

/** Days against what a baseline expects of them, with the regression and what speaks against relying on it. */
export function PerformanceView({ asked }: { readonly asked: AskedOfEnergy }): ReactNode {
  const { branch } = asked;
  const { t, language } = useWords();
  const [name, setName] = useState<string | undefined>(undefined);
  const [edited, setEdited] = useState<KnownBaseline | "new" | undefined>(undefined);
  const listed = useLoad({
    key: ["GET /energy-baselines", branch],
    run: ({ client }, signal) => calls.baselines(client, { query: { branch } }, { signal }),
    changedBy: { kinds: ["energyBaseline"] },
  });
  const all = listed.value;
  if (all === undefined)
    return listed.kind === "failed" ? <Failure message={listed.message} code={listed.code} onRetry={listed.reload} /> : <Waiting />;
  const chosen = all.find((each) => each.name === name) ?? all[0];
  const dialog = edited !== undefined && (
    <BaselineDialog
      baseline={edited === "new" ? undefined : edited}
      medium={asked.medium}
      onClose={() => setEdited(undefined)}
      onStored={listed.reload}
    />
  );
  if (chosen === undefined)
    return (
      <>
        <Empty
          title={t("energy.performance.none")}
          text={t("energy.performance.noneText")}
          action={t("energy.performance.new")}
          onAction={() => setEdited("new")}
        />
        {dialog}
      </>
    );
  return (
    <>
      <div className="dw-energy-tools dw-screen-only">
        <Select
          size="xs"
          w={220}
          aria-label={t("energy.performance.choose")}
          data={all.map((each) => ({ value: each.name, label: inLanguage(each.fields.title, language) }))}
          value={chosen.name}
          allowDeselect={false}
          onChange={(value) => setName(value ?? undefined)}
        />
        <Button size="compact-sm" variant="default" onClick={() => setEdited(chosen)}>
          {t("energy.performance.change")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => setEdited("new")}>
          {t("energy.performance.new")}
        </Button>
      </div>
      <Days asked={asked} name={chosen.name} />
      {dialog}
    </>
  );
}

function Days({ asked: { branch, isMoving, spanNow }, name }: { readonly asked: AskedOfEnergy; readonly name: string }): ReactNode {
  const { t } = useWords();
  const loaded = useLoad({
    key: ["GET /energy-baselines performance", branch, name, isMoving ? "live" : spanNow().to, spanNow().to - spanNow().from],
    run: ({ client }, signal) => calls.performance(client, { params: { name }, query: { branch, ...spanNow() } }, { signal }),
    changedBy: { kinds: ["energyBaseline", "energyMeter"] },
  });
  const found = loaded.value;
  if (found === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const skipped = found.skipped.baseline + found.skipped.reporting;
  return (
    <>
      <NotReadAgain loaded={loaded} />
      <header className="dw-energy-head">
        <h2>
          {found.enpi === undefined
            ? t("energy.performance.unknown")
            : t("energy.performance.title", { share: percentText(found.enpi, 1) })}
        </h2>
        <p className="dw-quiet-text">
          {t("energy.performance.days", { count: found.days.length })}
          {skipped > 0 && ` · ${t("energy.performance.skipped", { count: skipped })}`}
        </p>
      </header>
      {found.findings.length > 0 && (
        <ul className="dw-energy-findings">
          {found.findings.map((finding, at) => (
            <li key={at}>{messageText("", finding as Message)}</li>
          ))}
        </ul>
      )}
      {found.days.length > 0 && <Curves found={found} />}
      <Coefficients found={found} />
    </>
  );
}

function Curves({ found: { days, unit } }: { readonly found: EnergyPerformance }): ReactNode {
  const { t } = useWords();
  const x = { kind: "time", from: days[0]!.at, to: days.at(-1)!.at + 86_400_000_000 } as const;
  const points = (pick: (day: (typeof days)[number]) => number) => days.map((day) => ({ x: day.at, y: pick(day) }));
  return (
    <div className="dw-energy-load">
      <Chart
        label={t("energy.performance.amount")}
        x={x}
        y={{ kind: "number", unit, name: t("energy.performance.amount"), include: [0], digits: 1 }}
        height={200}
        marks={[
          {
            kind: "line",
            name: t("energy.performance.expected"),
            tone: "muted",
            isDashed: true,
            isStepped: true,
            points: points(({ expected }) => expected),
          },
          { kind: "line", name: t("energy.performance.actual"), tone: "hue", isStepped: true, points: points(({ amount }) => amount) },
        ]}
      />
      <Chart
        label={t("energy.performance.cusum")}
        x={x}
        y={{ kind: "number", unit, name: t("energy.performance.cusum"), include: [0], digits: 1, better: "lower" }}
        height={140}
        marks={[{ kind: "line", name: t("energy.performance.cusum"), tone: "violet", points: points(({ cusum }) => cusum) }]}
      />
    </div>
  );
}

function Coefficients({ found: { regression, fields } }: { readonly found: EnergyPerformance }): ReactNode {
  const { t } = useWords();
  if (regression === undefined) return null;
  const { coefficients, standardErrors, pValues, n, r2, cvRmse } = regression;
  const rows = coefficients.map((value, at) => ({
    name: at === 0 ? t("energy.performance.constant") : fields.variables[at - 1]!.title,
    value,
    error: standardErrors[at]!,
    p: pValues[at]!,
  }));
  return (
    <Card
      title={t("energy.performance.regression")}
      note={t("energy.performance.regressionNote", { n, r2: fixedText(r2, 3), cv: percentText(cvRmse, 1) })}
    >
      <DataTable
        caption={t("energy.performance.regression")}
        rows={rows}
        keyOf={({ name }) => name}
        columns={[
          { title: t("energy.performance.variable"), cell: ({ name }) => name },
          { title: t("energy.performance.coefficient"), isNumber: true, cell: ({ value }) => numberText(value) },
          { title: t("energy.performance.error"), isNumber: true, cell: ({ error }) => numberText(error) },
          { title: t("energy.performance.pValue"), isNumber: true, cell: ({ p }) => (p < 0.001 ? "< 0.001" : fixedText(p, 3)) },
        ]}
      />
    </Card>
  );
}
