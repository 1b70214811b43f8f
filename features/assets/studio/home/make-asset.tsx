import * as calls from "../../calls.ts";
import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, Failure, Waiting, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { AssetProposal, MakeAssets, PlantValue } from "../../contract.ts";

type Role = NonNullable<MakeAssets["columns"][number]["role"]>;
/** Those that people give by hand; the others come with standards and engineering files. */
const ROLES = ["Good", "Total", "Reject", "LastCycle", "VendorState", "Product", "Blocked", "Starved"] as const satisfies readonly Role[];

/** Selected values as an asset: what each is called and means there, and where the same structure stands again; all of it before anything is written. */
export function MakeAsset({
  values,
  onBack,
  onMade,
}: {
  readonly values: readonly PlantValue[];
  readonly onBack: () => void;
  readonly onMade: () => void;
}): ReactNode {
  const { t } = useWords();
  const signals = values.map(({ signal }) => signal);
  const studio = useStudio();
  const proposal = useLoad((signal) => calls.likeAssets(studio.client, { body: { signals } }, { signal }), signals);
  return (
    <Card
      title={t("assets.make.title")}
      note={
        <Button size="compact-sm" variant="subtle" leftSection={<IconArrowLeft size={14} />} onClick={onBack}>
          {t("assets.make.back")}
        </Button>
      }
      className="dw-home-make"
    >
      {proposal.value === undefined ? (
        proposal.kind === "failed" ? (
          <Failure message={proposal.message} code={proposal.code} onRetry={proposal.reload} />
        ) : (
          <Waiting />
        )
      ) : (
        <Template key={signals.join()} values={values} proposal={proposal.value} onMade={onMade} />
      )}
    </Card>
  );
}

function Template({
  values,
  proposal,
  onMade,
}: {
  readonly values: readonly PlantValue[];
  readonly proposal: AssetProposal;
  readonly onMade: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [name, setName] = useState(proposal.name);
  const [columns, setColumns] = useState<MakeAssets["columns"]>(() =>
    proposal.columns.map((column, at) => {
      const role = ROLES.find((known) => known === proposal.roles[at]);
      return role === undefined ? { name: column } : { name: column, role };
    }),
  );
  const whole = proposal.like.filter(({ signals }) => signals.every((signal) => signal !== null));
  const [taken, setTaken] = useState<ReadonlySet<string>>(() => new Set(whole.map(({ key }) => key)));
  const [isBusy, setBusy] = useState(false);
  const change = (at: number, to: Partial<MakeAssets["columns"][number]>): void =>
    setColumns((all) => all.map((column, n) => (n === at ? { ...column, ...to } : column)));
  const assets = [
    { name, signals: values.map(({ signal }) => signal) },
    ...proposal.like.filter(({ key }) => taken.has(key)).map((like) => ({ name: like.name, signals: [...like.signals] })),
  ];
  const make = async (): Promise<void> => {
    setBusy(true);
    try {
      const { assets: made } = await calls.makeAssets(studio.client, { body: { columns, assets } });
      studio.notify(
        "good",
        t("assets.make.made", { count: made.length }),
        made
          .map((each) => each.name)
          .slice(0, 8)
          .join(", "),
      );
      onMade();
    } catch (error) {
      studio.notifyFailure(error, t("assets.make.failed"));
    } finally {
      setBusy(false);
    }
  };
  const isReady = name.trim() !== "" && columns.every((column) => column.name.trim() !== "");
  return (
    <>
      <TextInput size="sm" label={t("assets.make.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <h3 className="dw-small-title">{t("assets.make.template")}</h3>
      <Columns values={values} columns={columns} onChange={change} />
      <Like proposal={proposal} columns={columns} taken={taken} onTake={setTaken} />
      <div className="dw-buttons">
        <Button size="sm" loading={isBusy} disabled={!isReady} onClick={() => void make()}>
          {t("assets.make.button", { count: assets.length })}
        </Button>
      </div>
    </>
  );
}

function Columns({
  values,
  columns,
  onChange,
}: {
  readonly values: readonly PlantValue[];
  readonly columns: MakeAssets["columns"];
  readonly onChange: (at: number, to: Partial<MakeAssets["columns"][number]>) => void;
}): ReactNode {
  const { t } = useWords();
  const roles = ROLES.map((role) => ({ value: role, label: t(`assets.make.role.${role}`) }));
  return (
    <div className="dw-home-columns">
      {values.map(({ signal, path }, at) => {
        const { name, role } = columns[at]!;
        const isTaken = (other: string): boolean => columns.some((column, n) => n !== at && column.role === other);
        return (
          <div key={signal} className="dw-home-column">
            <TextInput
              size="xs"
              aria-label={`${t("assets.make.value")}: ${path.join(" / ")}`}
              value={name}
              onChange={(event) => onChange(at, { name: event.currentTarget.value })}
            />
            <Select
              size="xs"
              aria-label={`${t("assets.make.role")}: ${name}`}
              placeholder={t("assets.make.noRole")}
              clearable
              data={roles.map((each) => ({ ...each, disabled: isTaken(each.value) }))}
              value={role ?? null}
              onChange={(to) => onChange(at, { role: (to ?? undefined) as Role | undefined })}
            />
          </div>
        );
      })}
    </div>
  );
}

const MAX_MISSING = 4;

function Like({
  proposal,
  columns,
  taken,
  onTake,
}: {
  readonly proposal: AssetProposal;
  readonly columns: MakeAssets["columns"];
  readonly taken: ReadonlySet<string>;
  readonly onTake: (taken: ReadonlySet<string>) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <>
      <h3 className="dw-small-title">{t("assets.make.like", { count: proposal.like.length + proposal.more })}</h3>
      <div className="dw-home-like">
        {proposal.like.map(({ key, name, signals }) => {
          const missing = columns.filter((_, at) => signals[at] === null).map((column) => column.name);
          return (
            <Checkbox
              key={key}
              size="xs"
              checked={taken.has(key)}
              label={name}
              description={
                missing.length === 0
                  ? t("assets.make.whole")
                  : t("assets.make.missing", { names: missing.slice(0, MAX_MISSING).join(", ") })
              }
              onChange={(event) => {
                const next = new Set(taken);
                if (event.currentTarget.checked) next.add(key);
                else next.delete(key);
                onTake(next);
              }}
            />
          );
        })}
      </div>
      {proposal.more > 0 && <p className="dw-quiet">{t("assets.home.more", { count: proposal.more })}</p>}
    </>
  );
}
