/** A wording with its `{name}`s filled in. */
export function fill(wording: string, values: Readonly<Record<string, string>>): string {
  return wording.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The wording "${wording}" asks for {${name}}, which has no value.`);
    return value;
  });
}
