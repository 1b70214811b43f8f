import { NumberInput } from "@mantine/core";
import type { ReactNode } from "react";
import {
  DataTable,
  Empty,
  Failure,
  Form,
  LIVE,
  OriginMark,
  periodText,
  signedText,
  useLoad,
  useSentForm,
  useStudio,
  useWords,
  Waiting,
} from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { EnergyComparison } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import type { AskedOfEnergy } from "./energy-page.tsx";
import { amountText, costText } from "./energy-text.ts";

/** What the span would have used and cost with the tariffs and the assumptions of the branch, beside live. */
export function WhatIfView({ asked }: { readonly asked: AskedOfEnergy }): ReactNode {
  const { branch, line, isMoving, spanNow } = asked;
  const { t } = useWords();
  const loaded = useLoad(
    branch === LIVE
      ? undefined
      : {
          key: ["GET /energy-comparison", branch, line, isMoving ? "live" : spanNow().to, spanNow().to - spanNow().from],
          run: ({ client }, signal) => calls.compare(client, { query: { branch, line, ...spanNow() } }, { signal }),
          changedBy: { kinds: ["energyTariff", "energyScenario", "energyMeter"] },
        },
  );
  if (branch === LIVE) return <Empty title={t("energy.whatIf.live")} text={t("energy.whatIf.liveText")} />;
  const found = loaded.value;
  if (found === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  return (
    <>
      <Assumptions key={JSON.stringify(found.scenario)} found={found} branch={branch} onStored={loaded.reload} />
      <Sides found={found} />
    </>
  );
}

function Assumptions({
  found: { scenario },
  branch,
  onStored,
}: {
  readonly found: EnergyComparison;
  readonly branch: string;
  readonly onStored: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const initial = { shiftMinutes: scenario.shiftMinutes as number | string, standby: (scenario.standbyFactor * 100) as number | string };
  const form = useSentForm(initial, async ({ shiftMinutes, standby }) => {
    await calls.storeScenario(client, {
      query: { branch },
      body: { fields: { shiftMinutes: Number(shiftMinutes), standbyFactor: Number(standby) / 100 } },
    });
    onStored();
  });
  return (
    <div className="dw-energy-tools dw-screen-only">
      <Form form={form} submit={t("energy.whatIf.store")} isWhole={form.values.shiftMinutes !== "" && form.values.standby !== ""}>
        <NumberInput label={t("energy.whatIf.shift")} min={-1_440} max={1_440} step={15} {...form.field("shiftMinutes")} />
        <NumberInput label={t("energy.whatIf.standby")} min={0} max={500} step={10} {...form.field("standby")} />
      </Form>
    </div>
  );
}

function Sides({ found: { from, to, live, branch, isSimulated } }: { readonly found: EnergyComparison }): ReactNode {
  const { t, zone, language } = useWords();
  const difference = (a: number | undefined, b: number | undefined, digits: number): string =>
    a === undefined || b === undefined ? "–" : signedText(b - a, digits);
  const isOneCurrency = live.currency === branch.currency;
  const rows = [
    {
      name: t("energy.places.amount"),
      live: amountText(live.amount, "kWh"),
      branch: amountText(branch.amount, "kWh"),
      more: difference(live.amount, branch.amount, 1),
    },
    {
      name: t("energy.places.cost"),
      live: costText(live.cost, live.currency),
      branch: costText(branch.cost, branch.currency),
      more: isOneCurrency ? difference(live.cost, branch.cost, 2) : "–",
    },
  ];
  return (
    <>
      <header className="dw-energy-head">
        <h2>
          {t("energy.whatIf.title")}
          {isSimulated && <OriginMark origin="simulated" />}
        </h2>
        <p className="dw-quiet-text">
          {periodText(from, to, zone, language)} · {t("energy.whatIf.note")}
        </p>
      </header>
      <DataTable
        caption={t("energy.whatIf.title")}
        rows={rows}
        keyOf={({ name }) => name}
        columns={[
          { title: "", cell: ({ name }) => name },
          { title: t("energy.whatIf.ofLive"), isNumber: true, cell: (row) => row.live },
          { title: t("energy.whatIf.ofBranch"), isNumber: true, cell: (row) => row.branch },
          { title: t("energy.whatIf.difference"), isNumber: true, cell: (row) => row.more },
        ]}
      />
    </>
  );
}
