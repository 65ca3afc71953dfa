drop table availability_slots;
