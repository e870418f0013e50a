-- Which of these posts were seen with more than one text.
SELECT post_id FROM post WHERE post_id = ANY ($1::uuid[])
GROUP BY post_id HAVING count(DISTINCT content_id) > 1
