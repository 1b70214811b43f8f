import { useStore, useStudio, useWords } from "@doppelwerk/kit/studio";

/** The name of a machine of a layout: the one of its station where the line has it, else its own label. */
export function useMachineLabel(): (machine: { readonly id: string; readonly label: string }) => string {
  const line = useStore(useStudio().line);
  const { language } = useWords();
  return ({ id, label }) => {
    const name = line?.stations.find((station) => station.id === id)?.name[language];
    if (name === undefined) return label;
    return name.startsWith(id) ? name : `${id} ${name}`;
  };
}
