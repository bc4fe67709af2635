// What axe-core finds wrong with the page, in short: its whole report is too long to be carried about.
async (options) => {
  const found = await axe.run(document, options);
  if (!found.passes.length && !found.violations.length) throw new Error("axe-core has looked at nothing");
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target[0]}: ${node.failureSummary}`));
}
