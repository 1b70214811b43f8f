import type { Mesh, ShaderMaterial, DataTexture } from "three";
import { expect, test } from "vitest";
import { sampleSite } from "./gallery-site.ts";
import { Ground } from "./ground.ts";

test("[U134] a stage is drawn before the shade where things touch the floor is made, once; another stage has none of the last", () => {
  const ground = new Ground();
  const contact = (): DataTexture | undefined => {
    const grid = ground.root.children
      .map((mesh) => (mesh as Mesh).material as ShaderMaterial)
      .find(({ uniforms }) => uniforms !== undefined);
    return (grid!.uniforms["contact"]!.value as DataTexture | null) ?? undefined;
  };
  expect(ground.bake()).toBe(false);
  ground.setStage(sampleSite(1));
  expect(contact()).toBe(undefined);
  expect([ground.bake(), ground.bake()]).toEqual([true, false]);
  const { data } = contact()!.image as { readonly data: Uint8Array };
  expect(data.some((shade) => shade > 0)).toBe(true);
  ground.setStage(sampleSite(2));
  expect(contact()).toBe(undefined);
  ground.dispose();
});
