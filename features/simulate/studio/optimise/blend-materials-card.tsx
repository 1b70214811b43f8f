import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ScrollRegion, Card, useWords } from "@doppelwerk/kit/studio";
import { NumberCell, PercentCell, RemoveButton } from "./blend-fields.tsx";
import type { BlendMaterial, BlendPartProps } from "./use-blend.ts";

/** What may go into the charge: a material a row, with its price, how much there is, its yield and its analysis. */
export function BlendMaterialsCard({ request, onChange }: BlendPartProps): ReactNode {
  const { t } = useWords();
  const { materials, limits } = request;
  const elements = limits.map(({ element }) => element);
  return (
    <Card title={t("simulate.optimise.blend.materials")}>
      <ScrollRegion label={t("simulate.optimise.blend.materials")}>
        <table className="dw-table dw-blend">
          <thead>
            <tr>
              <th>{t("simulate.optimise.blend.material")}</th>
              <th className="is-number">{t("simulate.optimise.blend.cost")}</th>
              <th className="is-number">{t("simulate.optimise.blend.available")}</th>
              <th className="is-number">{t("simulate.optimise.blend.yield")}</th>
              <th className="is-number">{t("simulate.optimise.blend.piece")}</th>
              {elements.map((element) => (
                <th key={element} className="is-number">
                  {element}, %
                </th>
              ))}
              <th />
            </tr>
          </thead>
          <tbody>
            {materials.map((material, at) => (
              <MaterialRow
                key={at}
                material={material}
                elements={elements}
                onChange={(changed) => onChange({ ...request, materials: materials.map((held, i) => (i === at ? changed : held)) })}
                onRemove={() => onChange({ ...request, materials: materials.filter((_, i) => i !== at) })}
              />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => {
          const name = `${t("simulate.optimise.blend.material")} ${materials.length + 1}`;
          onChange({ ...request, materials: [...materials, { name, costPerKg: 0, content: {} }] });
        }}
      >
        {t("simulate.optimise.blend.addMaterial")}
      </Button>
    </Card>
  );
}

function MaterialRow({
  material,
  elements,
  onChange,
  onRemove,
}: {
  readonly material: BlendMaterial;
  readonly elements: readonly string[];
  readonly onChange: (material: BlendMaterial) => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { t } = useWords();
  const { name, costPerKg, availableKg, pieceKg, content } = material;
  const put = (fields: { readonly [Field in keyof BlendMaterial]?: BlendMaterial[Field] | undefined }): void =>
    onChange(withoutEmpty({ ...material, ...fields }));
  return (
    <tr>
      <td>
        <TextInput
          size="xs"
          aria-label={t("simulate.optimise.blend.material")}
          value={name}
          onChange={(event) => put({ name: event.currentTarget.value })}
        />
      </td>
      <td>
        <NumberCell
          label={`${name} ${t("simulate.optimise.blend.cost")}`}
          value={costPerKg}
          onChange={(value) => put({ costPerKg: value ?? 0 })}
        />
      </td>
      <td>
        <NumberCell
          label={`${name} ${t("simulate.optimise.blend.available")}`}
          value={availableKg}
          onChange={(value) => put({ availableKg: value })}
        />
      </td>
      <td>
        <PercentCell
          label={`${name} ${t("simulate.optimise.blend.yield")}`}
          value={material.yield}
          onChange={(value) => put({ yield: value })}
        />
      </td>
      <td>
        <NumberCell label={`${name} ${t("simulate.optimise.blend.piece")}`} value={pieceKg} onChange={(value) => put({ pieceKg: value })} />
      </td>
      {elements.map((element) => (
        <td key={element}>
          <PercentCell
            label={t("simulate.optimise.blend.cell", { element, material: name })}
            value={content[element]}
            onChange={(value) => put({ content: { ...content, [element]: value ?? 0 } })}
          />
        </td>
      ))}
      <td>
        <RemoveButton what={name} onClick={onRemove} />
      </td>
    </tr>
  );
}

/** A field that was emptied is not sent. */
function withoutEmpty(material: { readonly [Field in keyof BlendMaterial]?: BlendMaterial[Field] | undefined }): BlendMaterial {
  return Object.fromEntries(Object.entries(material).filter(([, value]) => value !== undefined)) as unknown as BlendMaterial;
}
