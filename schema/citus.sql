-- Spread the tables over the nodes of a Citus cluster, as schema/families.tsv
-- says: run after the migrations where the extension is. What is spread already
-- stays as it is; rows are moved along.
SELECT create_reference_table('mud.source')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.source'::regclass);
SELECT create_reference_table('mud.reader')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.reader'::regclass);
SELECT create_reference_table('mud.rule')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.rule'::regclass);
SELECT create_reference_table('mud.code')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.code'::regclass);
SELECT create_reference_table('mud.thread')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.thread'::regclass);
SELECT create_distributed_table('mud.content', 'content_id',
    colocate_with => 'none')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.content'::regclass);
SELECT create_distributed_table('mud.post', 'content_id',
    colocate_with => 'mud.content')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.post'::regclass);
SELECT create_distributed_table('mud.part', 'content_id',
    colocate_with => 'mud.content')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.part'::regclass);
SELECT create_distributed_table('mud.annotation', 'content_id',
    colocate_with => 'mud.content')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.annotation'::regclass);
SELECT create_distributed_table('mud.offer', 'content_id',
    colocate_with => 'mud.content')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.offer'::regclass);
SELECT create_distributed_table('mud.price', 'content_id',
    colocate_with => 'mud.content')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.price'::regclass);
SELECT create_distributed_table('mud.search_pending', 'content_id',
    colocate_with => 'mud.content')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.search_pending'::regclass);
SELECT create_distributed_table('mud.alert_waiting', 'content_id',
    colocate_with => 'mud.content')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.alert_waiting'::regclass);
SELECT create_distributed_table('mud.template', 'content_id',
    colocate_with => 'mud.content')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.template'::regclass);
SELECT create_distributed_table('mud.entity', 'entity_id',
    colocate_with => 'none')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.entity'::regclass);
SELECT create_distributed_table('mud.claim', 'src',
    colocate_with => 'mud.entity')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.claim'::regclass);
SELECT create_distributed_table('mud.claim_evidence', 'src',
    colocate_with => 'mud.entity')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.claim_evidence'::regclass);
SELECT create_distributed_table('mud.bond', 'src',
    colocate_with => 'mud.entity')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.bond'::regclass);
SELECT create_distributed_table('mud.loose', 'src',
    colocate_with => 'mud.entity')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.loose'::regclass);
SELECT create_distributed_table('mud.actor_change', 'entity_id',
    colocate_with => 'mud.entity')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.actor_change'::regclass);
SELECT create_distributed_table('mud.name', 'entity_id',
    colocate_with => 'mud.entity')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.name'::regclass);
SELECT create_distributed_table('mud.actor_member', 'entity_id',
    colocate_with => 'mud.entity')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.actor_member'::regclass);
SELECT create_distributed_table('mud.actor', 'actor_id',
    colocate_with => 'none')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.actor'::regclass);
SELECT create_distributed_table('mud.image', 'image_id',
    colocate_with => 'none')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.image'::regclass);
SELECT create_distributed_table('mud.picture', 'image_id',
    colocate_with => 'mud.image')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.picture'::regclass);
SELECT create_distributed_table('mud.search_posting', 'term',
    colocate_with => 'none')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.search_posting'::regclass);
SELECT create_distributed_table('mud.search_ids', 'segment',
    colocate_with => 'none')
WHERE NOT EXISTS (SELECT FROM pg_dist_partition
    WHERE logicalrelid = 'mud.search_ids'::regclass);
