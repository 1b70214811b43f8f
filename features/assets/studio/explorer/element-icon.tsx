import {
  IconAbc,
  IconArrowsExchange,
  IconBolt,
  IconBraces,
  IconComponents,
  IconFile,
  IconFolder,
  IconFunction,
  IconLanguage,
  IconLink,
  IconList,
  IconRulerMeasure,
  IconStar,
} from "@tabler/icons-react";
import type { ReactNode } from "react";

const icons: Readonly<Record<string, typeof IconAbc>> = {
  Property: IconAbc,
  MultiLanguageProperty: IconLanguage,
  Range: IconRulerMeasure,
  File: IconFile,
  Blob: IconFile,
  ReferenceElement: IconLink,
  RelationshipElement: IconArrowsExchange,
  AnnotatedRelationshipElement: IconArrowsExchange,
  Entity: IconComponents,
  Operation: IconFunction,
  Capability: IconStar,
  BasicEventElement: IconBolt,
  SubmodelElementCollection: IconFolder,
  SubmodelElementList: IconList,
};

/** The sign of a kind of element. */
export function ElementIcon({ modelType }: { readonly modelType: string | undefined }): ReactNode {
  const Icon = icons[modelType ?? ""] ?? IconBraces;
  return <Icon size={15} stroke={1.6} aria-hidden />;
}
