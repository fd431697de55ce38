// Makes one MongoDB user per function, each of whom may do what that function does and nothing else.
//
//   mongosh "mongodb+srv://an-administrator@…/" --file docs/database-users.js
//
// Run it again with other names of collections, and twice for an upgrade: the new version's script before
// the deployment, with PULSO_KEEP_RIGHTS=1 because the old version still works with its rights, and again
// afterwards, without. Users stay, and a password changes only if it is given. Each user's connection
// string belongs into a secret of its own, whose ARN is a parameter of template.yaml (StatusSecretArn, ...).
// From the environment come
//
//   MONGODB_DATABASE                                             the database; pulso
//   BATCHES_COLLECTION, JOBS_COLLECTION, ACCOUNTS_COLLECTION     batches, jobs, accounts
//   PULSO_USER_PREFIX                                            what names begin with; pulso-
//   PULSO_PASSWORD_BATCH_STATUS, PULSO_PASSWORD_BATCH_SUMMARY …  passwords; asked for if they are
//                                                                needed and not given
//   PULSO_KEEP_RIGHTS=1                                          only add rights, and take none away
//   PULSO_ATLAS=1                                                only print the commands for Atlas,
//                                                                whose users its own tools make
//
// MongoDB grants whole collections: who may count jobs may read all that is in them.

const setting = (name, otherwise) => process.env[name] || otherwise;

const database = setting("MONGODB_DATABASE", "pulso");
const prefix = setting("PULSO_USER_PREFIX", "pulso-");
const batches = setting("BATCHES_COLLECTION", "batches");
const jobs = setting("JOBS_COLLECTION", "jobs");
const accounts = setting("ACCOUNTS_COLLECTION", "accounts");

// Every function that reads counters brings them up to date where they are due.
const COUNTING = {
  [batches]: ["find", "update"],
  [jobs]: ["find", "listIndexes"],
  pulso_tallies: ["find", "insert", "update"],
};

// Looks which groups of jobs changed, recounts them, and adds up what each account has.
const CATCHING_UP = {
  ...COUNTING,
  pulso_tallies: [...COUNTING.pulso_tallies, "remove"],
  pulso_progress: ["find", "insert", "update"],
};

const INDEXING = ["listIndexes", "createIndex"];

// No user may change or delete an audit entry, insert or delete a job or a batch, or drop anything.
const FUNCTIONS = {
  "batch-status": COUNTING,
  "batch-summary": COUNTING,
  "batch-cancel": {
    ...COUNTING,
    [jobs]: ["find", "listIndexes", "update"],
    audit_log: ["find", "insert"],
  },
  "batch-pause": {
    [batches]: ["find", "update"],
    audit_log: ["insert"],
  },
  "batch-operations": {
    ...COUNTING,
    [jobs]: ["find", "listIndexes", "update"],
    audit_log: ["find", "insert"],
    pulso_operations: ["find", "insert", "update"],
  },
  "dashboard-overview": {
    ...CATCHING_UP,
    [accounts]: ["find"],
  },
  "batch-list": COUNTING,
  "batch-details": {
    ...COUNTING,
    audit_log: ["find"],
  },
  "account-list": {
    [accounts]: ["find"],
  },
  webhooks: {
    pulso_webhooks: ["find", "insert", "update", "remove"],
    pulso_deliveries: ["find", "insert", "update"],
    audit_log: ["insert"],
  },
  "webhook-delivery": {
    [batches]: ["find", "update"],
    pulso_webhooks: ["find", "update"],
    pulso_deliveries: ["find", "insert", "update"],
  },
  "event-tickets": {
    pulso_connections: ["insert", "update"],
  },
  "event-socket": {
    [batches]: ["find"],
    pulso_connections: ["find", "insert", "update", "remove"],
  },
  "event-push": {
    ...CATCHING_UP,
    [accounts]: ["find"],
    pulso_connections: ["find", "update", "remove"],
  },
  "batch-upkeep": {
    ...CATCHING_UP,
    [batches]: ["find", "update", ...INDEXING],
    [jobs]: ["find", "update", ...INDEXING],
    [accounts]: INDEXING,
    pulso_tallies: [...CATCHING_UP.pulso_tallies, ...INDEXING],
    audit_log: ["find", "insert", ...INDEXING],
    pulso_operations: ["find", "insert", "update", ...INDEXING],
    pulso_webhooks: ["find", ...INDEXING],
    pulso_deliveries: ["find", "insert", ...INDEXING],
    pulso_connections: INDEXING,
  },
};

const USER_NOT_FOUND = 11;
const ROLE_NOT_FOUND = 31;

const passwordVariable = (name) =>
  "PULSO_PASSWORD_" + name.toUpperCase().replaceAll("-", "_");

function privilegesOf(grants) {
  return Object.entries(grants).map(([collection, actions]) => ({
    resource: { db: database, collection },
    actions,
  }));
}

// Runs the first command; where it finds nothing to change, the second, which makes it.
function changeOrMake(target, change, notFound, make) {
  try {
    target.runCommand(change);
    return "changed";
  } catch (error) {
    if (error.code !== notFound) {
      throw error;
    }
    target.runCommand(make());
    return "made";
  }
}

function bringUpToDate(name, grants) {
  const role = prefix + name;
  const privileges = privilegesOf(grants);
  const roles = [{ role, db: database }];
  changeOrMake(
    db.getSiblingDB(database),
    process.env.PULSO_KEEP_RIGHTS
      ? { grantPrivilegesToRole: role, privileges }
      : { updateRole: role, privileges, roles: [] },
    ROLE_NOT_FOUND,
    () => ({ createRole: role, privileges, roles: [] }),
  );
  const given = process.env[passwordVariable(name)];
  const done = changeOrMake(
    db.getSiblingDB("admin"),
    { updateUser: role, roles, ...(given ? { pwd: given } : {}) },
    USER_NOT_FOUND,
    () => ({ createUser: role, pwd: given || askFor(name), roles }),
  );
  print(`${role}: ${done}`);
}

function askFor(name) {
  print(`Password of ${prefix}${name} (or set ${passwordVariable(name)}):`);
  const password = passwordPrompt();
  if (!password) {
    throw new Error(`No password for ${prefix}${name}.`);
  }
  return password;
}

function printForAtlas(name, grants) {
  const role = prefix + name;
  const privileges = Object.entries(grants).flatMap(([collection, actions]) =>
    actions.map((action) => {
      const atlas = action.replace(/[A-Z]/g, (letter) => "_" + letter).toUpperCase();
      return `${atlas}@${database}.${collection}`;
    }),
  );
  const append = process.env.PULSO_KEEP_RIGHTS ? "--append " : "";
  print(`atlas customDbRoles create ${role} --privilege ${privileges.join(",")}`);
  print(`# if it exists: atlas customDbRoles update ${role} ${append}--privilege ${privileges.join(",")}`);
  print(`atlas dbusers create --username ${role} --role ${role}@admin --password …`);
}

const make = process.env.PULSO_ATLAS ? printForAtlas : bringUpToDate;
Object.entries(FUNCTIONS).forEach(([name, grants]) => make(name, grants));
