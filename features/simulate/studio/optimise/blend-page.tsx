import { ActionIcon, Button, NumberInput, TextInput } from "@mantine/core";
import { IconGitFork, IconPlus, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import type { BlendAnswer, BlendWish } from "@doppelwerk/client";
import { ActionButton, Card, errorText, fixedText, percentText, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import { OptimiseHead } from "./optimise-head.tsx";
import { useKeep } from "./use-search.ts";
import * as simulate from "../../calls.ts";

type Material = BlendWish["materials"][number];
type Limit = BlendWish["limits"][number];

const EMPTY: BlendWish = { productKg: 1_000, materials: [{ name: "A", costPerKg: 0, content: {} }], limits: [] };
/** An electric-arc furnace charge; prices and analyses are invented. */
const EXAMPLE: BlendWish = {
  productKg: 100_000,
  materials: [
    { name: "HMS 1", costPerKg: 0.29, availableKg: 60_000, yield: 0.92, content: { C: 0.003, Cu: 0.0035, Cr: 0.0015, P: 0.0003 } },
    { name: "Shredded", costPerKg: 0.33, availableKg: 40_000, yield: 0.94, content: { C: 0.0025, Cu: 0.002, Cr: 0.001, P: 0.0002 } },
    {
      name: "Plate and structural",
      costPerKg: 0.36,
      availableKg: 30_000,
      yield: 0.95,
      content: { C: 0.002, Cu: 0.0012, Cr: 0.0008, P: 0.0002 },
    },
    { name: "Pig iron", costPerKg: 0.41, availableKg: 50_000, yield: 0.97, content: { C: 0.042, Cu: 0.0002, P: 0.0008 } },
    { name: "DRI", costPerKg: 0.38, availableKg: 40_000, yield: 0.88, content: { C: 0.02, Cu: 0.0001, P: 0.0005 } },
  ],
  limits: [
    { element: "Cu", high: 0.0018 },
    { element: "C", low: 0.008, high: 0.02 },
    { element: "Cr", high: 0.0012 },
    { element: "P", high: 0.00045 },
  ],
};

/** Materials, their analysis and prices, and what the product must be: the cheapest charge, what its limits cost, or which of them conflict. */
export function BlendPage({ branch }: { readonly branch: string }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const kept = useLoad((signal) => simulate.readCharge(studio.client, { params: { branch } }, { signal }), [branch]);
  const [wish, setWish] = useState<BlendWish>(EMPTY);
  const [isTouched, setTouched] = useState(false);
  const [answer, setAnswer] = useState<{ readonly of: BlendWish; readonly is: BlendAnswer } | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const keep = useKeep("blend");
  const held = kept.value || undefined;
  useEffect(() => {
    if (held !== undefined && !isTouched) setWish(held);
  }, [held, isTouched]);
  const change = (next: BlendWish): void => {
    setTouched(true);
    setWish(next);
  };
  const solve = (): void => {
    setBusy(true);
    simulate
      .solveBlend(studio.client, { body: wish })
      .then((is) => setAnswer({ of: wish, is }))
      .catch((error: unknown) => studio.notify("trouble", t("simulate.optimise.blend.notSolved"), errorText(error)))
      .finally(() => setBusy(false));
  };
  const shown = answer?.of === wish ? answer.is : undefined;
  return (
    <div className="dw-page dw-decide dw-optimise">
      <div className="dw-decide-left">
        <OptimiseHead kind="blend" />
        <Card title={t("simulate.optimise.blend.title")} note={t("simulate.optimise.blend.note")}>
          <div className="dw-wish-foot">
            <NumberInput
              size="sm"
              label={t("simulate.optimise.blend.product")}
              value={wish.productKg}
              min={0}
              w={140}
              onChange={(value) => value !== "" && change({ ...wish, productKg: Number(value) })}
            />
            <Button size="sm" loading={busy} onClick={solve}>
              {t("simulate.optimise.blend.solve")}
            </Button>
          </div>
          {held === undefined && !isTouched && (
            <>
              <p className="dw-fine">{t("simulate.optimise.blend.exampleText")}</p>
              <Button size="xs" variant="default" onClick={() => change(EXAMPLE)}>
                {t("simulate.optimise.blend.example")}
              </Button>
            </>
          )}
        </Card>
        <Limits wish={wish} onChange={change} />
        {shown?.status === "optimal" && (
          <div className="dw-buttons">
            <Button
              leftSection={<IconGitFork size={16} />}
              onClick={() =>
                void keep(t("simulate.optimise.blend.title"), branch, (on) =>
                  simulate.keepCharge(studio.client, { params: { branch: on }, body: { wish: wish } }),
                )
              }
            >
              {t(branch === LIVE ? "simulate.optimise.keep.button" : "simulate.optimise.keep.onBranch")}
            </Button>
            {branch !== LIVE && (
              <ActionButton action="changes.propose" variant="default">
                {t("simulate.optimise.keep.propose")}
              </ActionButton>
            )}
          </div>
        )}
      </div>
      <div className="dw-decide-right">
        {shown !== undefined && <Answer answer={shown} wish={wish} />}
        <Materials wish={wish} onChange={change} />
      </div>
    </div>
  );
}

function Limits({ wish, onChange }: { readonly wish: BlendWish; readonly onChange: (wish: BlendWish) => void }): ReactNode {
  const { t } = useWords();
  const [name, setName] = useState("");
  const put = (at: number, limit: Limit): void => onChange({ ...wish, limits: wish.limits.map((held, i) => (i === at ? limit : held)) });
  const add = (): void => {
    if (name.trim() === "" || wish.limits.some(({ element }) => element === name.trim())) return;
    onChange({ ...wish, limits: [...wish.limits, { element: name.trim() }] });
    setName("");
  };
  return (
    <Card title={t("simulate.optimise.blend.limits")}>
      <table className="dw-table dw-blend">
        <thead>
          <tr>
            <th>{t("simulate.optimise.blend.element")}</th>
            <th className="is-number">{t("simulate.optimise.blend.low")}</th>
            <th className="is-number">{t("simulate.optimise.blend.high")}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {wish.limits.map((limit, at) => (
            <tr key={limit.element}>
              <td>{limit.element}</td>
              {(["low", "high"] as const).map((end) => (
                <td key={end}>
                  <Percent
                    label={`${limit.element} ${t(`simulate.optimise.blend.${end}`)}`}
                    value={limit[end]}
                    onChange={(value) => {
                      const { [end]: _gone, ...rest } = limit;
                      put(at, value === undefined ? rest : { ...rest, [end]: value });
                    }}
                  />
                </td>
              ))}
              <td>
                <Remove what={limit.element} onClick={() => onChange({ ...wish, limits: wish.limits.filter((_, i) => i !== at) })} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <form
        className="dw-blend-add"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextInput
          size="xs"
          aria-label={t("simulate.optimise.blend.newElement")}
          placeholder={t("simulate.optimise.blend.newElement")}
          value={name}
          maxLength={40}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" variant="default" leftSection={<IconPlus size={14} />}>
          {t("simulate.optimise.blend.addElement")}
        </Button>
      </form>
    </Card>
  );
}

function Materials({ wish, onChange }: { readonly wish: BlendWish; readonly onChange: (wish: BlendWish) => void }): ReactNode {
  const { t } = useWords();
  const put = (at: number, fields: Partial<Material>): void =>
    onChange({
      ...wish,
      materials: wish.materials.map((material, i) =>
        i === at
          ? (Object.fromEntries(
              Object.entries({ ...material, ...fields }).filter(([, value]) => value !== undefined),
            ) as unknown as Material)
          : material,
      ),
    });
  return (
    <Card title={t("simulate.optimise.blend.materials")}>
      <div className="dw-scroll">
        <table className="dw-table dw-blend">
          <thead>
            <tr>
              <th>{t("simulate.optimise.blend.material")}</th>
              <th className="is-number">{t("simulate.optimise.blend.cost")}</th>
              <th className="is-number">{t("simulate.optimise.blend.available")}</th>
              <th className="is-number">{t("simulate.optimise.blend.yield")}</th>
              <th className="is-number">{t("simulate.optimise.blend.piece")}</th>
              {wish.limits.map(({ element }) => (
                <th key={element} className="is-number">
                  {element}, %
                </th>
              ))}
              <th />
            </tr>
          </thead>
          <tbody>
            {wish.materials.map((material, at) => (
              <tr key={at}>
                <td>
                  <TextInput
                    size="xs"
                    aria-label={t("simulate.optimise.blend.material")}
                    value={material.name}
                    onChange={(event) => put(at, { name: event.currentTarget.value })}
                  />
                </td>
                <td>
                  <Cell
                    label={`${material.name} ${t("simulate.optimise.blend.cost")}`}
                    value={material.costPerKg}
                    onChange={(value) => put(at, { costPerKg: value ?? 0 })}
                  />
                </td>
                <td>
                  <Cell
                    label={`${material.name} ${t("simulate.optimise.blend.available")}`}
                    value={material.availableKg}
                    onChange={(value) => put(at, { availableKg: value } as Partial<Material>)}
                  />
                </td>
                <td>
                  <Percent
                    label={`${material.name} ${t("simulate.optimise.blend.yield")}`}
                    value={material.yield}
                    onChange={(value) => put(at, { yield: value } as Partial<Material>)}
                  />
                </td>
                <td>
                  <Cell
                    label={`${material.name} ${t("simulate.optimise.blend.piece")}`}
                    value={material.pieceKg}
                    onChange={(value) => put(at, { pieceKg: value } as Partial<Material>)}
                  />
                </td>
                {wish.limits.map(({ element }) => (
                  <td key={element}>
                    <Percent
                      label={t("simulate.optimise.blend.cell", { element, material: material.name })}
                      value={material.content[element]}
                      onChange={(value) => put(at, { content: { ...material.content, [element]: value ?? 0 } })}
                    />
                  </td>
                ))}
                <td>
                  <Remove
                    what={material.name}
                    onClick={() => onChange({ ...wish, materials: wish.materials.filter((_, i) => i !== at) })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() =>
          onChange({
            ...wish,
            materials: [
              ...wish.materials,
              { name: `${t("simulate.optimise.blend.material")} ${wish.materials.length + 1}`, costPerKg: 0, content: {} },
            ],
          })
        }
      >
        {t("simulate.optimise.blend.addMaterial")}
      </Button>
    </Card>
  );
}

function Answer({ answer, wish }: { readonly answer: BlendAnswer; readonly wish: BlendWish }): ReactNode {
  const { t } = useWords();
  if (answer.status === "infeasible")
    return (
      <Card title={t("simulate.optimise.blend.infeasible")}>
        <p className="dw-quiet">{t("simulate.optimise.blend.infeasibleText")}</p>
        <ul className="dw-blend-words">
          {answer.conflict!.map(({ row, limit, at, unit, by }) => (
            <li key={`${row} ${limit}`}>
              <b>
                {t(limit === "lower" ? "simulate.optimise.blend.lowerLimit" : "simulate.optimise.blend.upperLimit", {
                  row: nameOf(row, t),
                  at: number(at),
                  unit,
                })}
              </b>{" "}
              {by > 0 ? t("simulate.optimise.blend.gives", { by: number(by), unit }) : t("simulate.optimise.blend.staysInConflict")}
            </li>
          ))}
        </ul>
      </Card>
    );
  if (answer.masses === undefined)
    return (
      <Card title={t(answer.status === "unbounded" ? "simulate.optimise.blend.unbounded" : "simulate.optimise.blend.limit")}>{null}</Card>
    );
  const used = answer.masses.filter(({ kg }) => kg > 1e-6);
  const total = used.reduce((sum, { kg }) => sum + kg, 0);
  return (
    <>
      <Card
        title={t("simulate.optimise.blend.optimal", { cost: number(answer.cost!) })}
        note={t("simulate.optimise.blend.optimalNote", { ms: Math.max(1, Math.round(answer.ms)) })}
      >
        <div className="dw-decide-row">
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
                    {pieces !== undefined && (
                      <small className="dw-quiet-text">{t("simulate.optimise.blend.pieces", { count: pieces })}</small>
                    )}
                  </td>
                  <td className="is-number">{fixedText(kg, kg < 100 ? 1 : 0)}</td>
                  <td className="is-number">{percentText(kg / total)}</td>
                  <td className="is-number">{number(kg * (wish.materials.find((material) => material.name === name)?.costPerKg ?? 0))}</td>
                </tr>
              ))}
            </tbody>
          </table>
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
              {answer.analysis!.map(({ element, share, low, high }) => (
                <tr key={element} className={near(share, low) || near(share, high) ? "is-binding" : ""}>
                  <td>{element}</td>
                  <td className="is-number">{percent(share)}</td>
                  <td className="is-number">{percent(low)}</td>
                  <td className="is-number">{percent(high)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
      <Card
        title={t("simulate.optimise.blend.prices")}
        note={t(answer.prices!.length > 0 ? "simulate.optimise.blend.pricesText" : "simulate.optimise.blend.pricesPieces")}
      >
        <ul className="dw-blend-words">
          {answer.prices!.map(({ row, limit, at, unit, saves }) => (
            <li key={`${row} ${limit}`}>
              {t(limit === "lower" ? "simulate.optimise.blend.lowerPrice" : "simulate.optimise.blend.upperPrice", {
                row: nameOf(row, t),
                at: `${number(at)} ${unit}`,
                unit,
                saves: number(saves),
              })}
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

function Cell({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}): ReactNode {
  return (
    <NumberInput
      size="xs"
      hideControls
      aria-label={label}
      value={value ?? ""}
      onChange={(next) => onChange(next === "" ? undefined : Number(next))}
    />
  );
}

function Percent({ label, value, onChange }: Parameters<typeof Cell>[0]): ReactNode {
  return (
    <Cell
      label={label}
      value={value === undefined ? undefined : Number((100 * value).toPrecision(8))}
      onChange={(next) => onChange(next === undefined ? undefined : next / 100)}
    />
  );
}

function Remove({ what, onClick }: { readonly what: string; readonly onClick: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <ActionIcon variant="subtle" color="gray" size={26} aria-label={t("simulate.optimise.blend.remove", { what })} onClick={onClick}>
      <IconX size={14} />
    </ActionIcon>
  );
}

function nameOf(row: string, t: Translate): string {
  return row === "product" ? t("simulate.optimise.blend.product").replace(/[,（(].*$/, "") : row;
}

function number(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 1_000 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4);
}

function percent(share: number | undefined): string {
  return share === undefined ? "" : String(Number((100 * share).toPrecision(4)));
}

function near(share: number, limit: number | undefined): boolean {
  return limit !== undefined && Math.abs(share - limit) <= 1e-7 + 1e-5 * limit;
}
