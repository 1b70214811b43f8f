import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, useWords } from "@doppelwerk/kit/studio";
import { PercentCell, RemoveButton } from "./blend-fields.tsx";
import type { BlendLimit, BlendPartProps } from "./use-blend.ts";

/** What the product must be: an element a row, from a lowest to a highest share. */
export function BlendLimitsCard({ request, onChange }: BlendPartProps): ReactNode {
  const { t } = useWords();
  const [name, setName] = useState("");
  const put = (at: number, limit: BlendLimit): void =>
    onChange({ ...request, limits: request.limits.map((held, i) => (i === at ? limit : held)) });
  const add = (): void => {
    if (name.trim() === "" || request.limits.some(({ element }) => element === name.trim())) return;
    onChange({ ...request, limits: [...request.limits, { element: name.trim() }] });
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
          {request.limits.map((limit, at) => (
            <tr key={limit.element}>
              <td>{limit.element}</td>
              {(["low", "high"] as const).map((end) => (
                <td key={end}>
                  <PercentCell
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
                <RemoveButton
                  what={limit.element}
                  onClick={() => onChange({ ...request, limits: request.limits.filter((_, i) => i !== at) })}
                />
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
