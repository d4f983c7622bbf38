/** Names that a person may have meant by `wanted`: nearest first, at most `limit`, none that differ in more than a quarter of it. */
export function findNearMatches(wanted: string, names: readonly string[], limit: number): readonly string[] {
  const plain = wanted.toLowerCase();
  const maxDistance = Math.max(2, Math.floor(wanted.length / 4));
  return names
    .map((name) => ({ name, distance: distanceOf(plain, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= maxDistance)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
}

/** Edit distance; a name that holds the other one (`gpt-x` in `openai/gpt-x`) counts as one edit away. */
function distanceOf(a: string, b: string): number {
  if (a !== b && a.length >= 3 && b.length >= 3 && (a.includes(b) || b.includes(a))) return 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
